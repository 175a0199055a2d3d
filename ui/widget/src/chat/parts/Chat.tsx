import { Composer } from './Composer';
import { Ended } from './Ended';
import { Log } from './Log';
import { Suggestions } from './Suggestions';
import type { Props } from './props';

/** The conversation and where one writes. */
export function Chat(props: Props) {
  const { visit, state, config, t } = props;
  const { conversation, notice } = state;
  const barred = config.identity === 'required' && !state.verified && !visit.preview;
  const status = !state.online
    ? t('error_offline')
    : notice
      ? t(notice.key, notice.fill)
      : !state.connected
        ? t('error_connection')
        : '';
  return (
    <>
      <Log {...props} />
      <p class="notice" role="status">
        {status}
      </p>
      {barred ? (
        <p class="center-note">{t('error_identity')}</p>
      ) : conversation?.status === 'ended' ? (
        <Ended {...props} />
      ) : state.limit ? (
        <div class="foot">
          <p>{t('error_limit')}</p>
          <button class="primary" type="button" onClick={() => void over(props)}>
            {t('start_over')}
          </button>
        </div>
      ) : (
        <>
          <Suggestions {...props} />
          <Composer key={visit.keep.read().user} {...props} />
        </>
      )}
    </>
  );
}

async function over({ visit, state }: Props): Promise<void> {
  await visit.api.post(`/conversations/${state.conversation?.id}/end`, {}).catch(() => {});
  for (const w of visit.outbox.all()) visit.outbox.change(w.client_id, { conversation: '', error: undefined });
  visit.go(null);
  void visit.delivery.flush();
}
