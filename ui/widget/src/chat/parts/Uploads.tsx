import type { Upload } from '../core/state';
import { Icon } from './Icon';
import { size } from './files';
import type { Props } from './props';

/** The files of the message that is being written. */
export function Uploads({ visit, state, config, t }: Props) {
  if (!state.uploads.length) return null;
  const remove = ({ key, abort }: Upload) => {
    abort.abort();
    visit.set({ uploads: visit.state.uploads.filter((u) => u.key !== key) });
  };
  return (
    <ul class="uploads">
      {state.uploads.map((u) => (
        <li key={u.key}>
          <span>
            {u.name}
            {u.error && (
              <span class="error" role="alert">
                {t(u.error, { size: size(config.attachments.max_bytes, config.locale) })}
              </span>
            )}
          </span>
          {!u.id && !u.error && (
            <progress max={100} value={u.percent} aria-label={t('uploading', { name: u.name, count: u.percent })} />
          )}
          <button class="bare" type="button" aria-label={t('remove', { name: u.name })} onClick={() => remove(u)}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}
