import { useEffect, useState } from 'preact/hooks';
import type { Attachment } from '../../protocol';
import { save, size } from './files';
import type { Props } from './props';

/** A file of a message: a picture is shown, any other can be downloaded. */
export function File({ visit, state, config, t, file }: Props & { file: Attachment }) {
  const [url, setURL] = useState('');
  const path = `/conversations/${state.conversation?.id}/attachments/${file.id}`;
  const shown = `${file.name} · ${size(file.size, config.locale)}`;
  useEffect(() => {
    if (!file.image) return;
    let made = '';
    let gone = false;
    visit.api
      .fetch('GET', path)
      .then((r) => r.blob())
      .then((b) => !gone && setURL((made = URL.createObjectURL(b))))
      .catch(() => {});
    return () => {
      gone = true;
      URL.revokeObjectURL(made);
    };
  }, [file.id]);
  return (
    <button
      class="file"
      type="button"
      aria-label={t('file_download', { name: shown })}
      onClick={() => void save(visit, path, file.name)}
    >
      {url ? <img src={url} alt={t('image', { name: file.name })} /> : shown}
    </button>
  );
}
