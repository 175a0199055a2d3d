import type { Props } from './props';

/** The answer in the making, or that one is due. */
export function Reply({ state, t }: Props) {
  const { reply, due, tool } = state.log;
  const note = reply && (reply.state === 'withdrawn' || reply.state === 'canceled') ? t(reply.state) : '';
  return (
    <>
      {reply && reply.blocks.length > 0 && (
        <div class={`row assistant ${reply.state}`} aria-busy="true">
          <div class="body">
            <div class="bubble" dir="auto">
              {reply.blocks.map((html, n) => (
                <div key={n} dangerouslySetInnerHTML={{ __html: html }} />
              ))}
            </div>
          </div>
        </div>
      )}
      {note && <p class="event">{note}</p>}
      {due && (
        <div class="row assistant">
          <p class="bubble dots">
            <span class="sr">{t('writing')}</span>
            <i />
            <i />
            <i />
          </p>
        </div>
      )}
      {tool && <p class="event">{t('tool', { name: tool })}</p>}
    </>
  );
}
