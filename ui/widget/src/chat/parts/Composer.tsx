import { useRef, useState } from 'preact/hooks';
import { Icon } from './Icon';
import { Uploads } from './Uploads';
import type { Props } from './props';
import { useUpload } from './useUpload';

const typingRest = 3000;

/** Where one writes. Enter sends, Shift and Enter make a new line. */
export function Composer(props: Props) {
  const { visit, state, config, t } = props;
  const [draft, setDraft] = useState(visit.keep.read().draft ?? '');
  const said = useRef(0);
  const input = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const upload = useUpload(props);
  const long = [...draft].length > config.limits.message_chars;
  const busy = state.uploads.some((u) => !u.id && !u.error);
  const ready = (draft.trim() || state.uploads.some((u) => u.id)) && !long && !busy;

  const write = (text: string) => {
    setDraft(text);
    visit.keep.write({ draft: text });
    const { conversation } = state;
    if (text && conversation?.status === 'active' && Date.now() - said.current > typingRest) {
      said.current = Date.now();
      void visit.api.post(`/conversations/${conversation.id}/typing`, {}).catch(() => {});
    }
  };
  const send = (e: Event) => {
    e.preventDefault();
    if (!ready) return;
    visit.send(draft.trim());
    write('');
    input.current?.focus();
  };
  const keys = (e: KeyboardEvent) => {
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) send(e);
  };
  const pasted = (e: ClipboardEvent) => {
    const files = [...(e.clipboardData?.files ?? [])];
    if (files.length && config.attachments.enabled) {
      e.preventDefault();
      upload(files);
    }
  };

  return (
    <form class="composer" onSubmit={send}>
      <Uploads {...props} />
      {long && (
        <p class="error" role="alert">
          {t('error_long', { count: config.limits.message_chars })}
        </p>
      )}
      <div class="line">
        {config.attachments.enabled && (
          <>
            <input
              ref={picker}
              type="file"
              hidden
              multiple
              accept={config.attachments.accept.join()}
              onChange={(e) => {
                upload([...(e.currentTarget.files ?? [])]);
                e.currentTarget.value = '';
              }}
            />
            <button class="bare" type="button" aria-label={t('attach')} onClick={() => picker.current?.click()}>
              <Icon name="attach" />
            </button>
          </>
        )}
        <textarea
          ref={input}
          rows={1}
          dir="auto"
          aria-label={t('placeholder')}
          placeholder={t('placeholder')}
          value={draft}
          onInput={(e) => write(e.currentTarget.value)}
          onKeyDown={keys}
          onPaste={pasted}
        />
        <button class="send" type="submit" aria-label={t('send')} aria-disabled={!ready}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
