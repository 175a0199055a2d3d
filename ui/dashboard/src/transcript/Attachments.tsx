import { IconDownload, IconFile } from '@tabler/icons-react';
import type { Attachment } from '@/api/types';
import { fileSize } from '@/parts/number';
import { text } from '@/text/en';
import classes from './Transcript.module.css';

const t = text.conversations.message;

/** Files of a message: images and sound in place, everything else to download. */
export function Attachments({ attachments }: { attachments: readonly Attachment[] }) {
  return attachments.map((a) => (
    <figure key={a.id} className={classes.attachment}>
      <Content attachment={a} url={`/api/v1/attachments/${a.id}`} />
      {a.reading && (
        <figcaption>
          <strong>{t.reading}:</strong> {a.reading}
        </figcaption>
      )}
    </figure>
  ));
}

function Content({ attachment: a, url }: { attachment: Attachment; url: string }) {
  if (/^image\/(png|jpeg|gif|webp|avif)$/.test(a.mime_type)) {
    return (
      <a href={url} target="_blank" rel="noreferrer">
        <img src={url} alt={a.reading || t.image(a.name)} loading="lazy" />
      </a>
    );
  }
  if (a.mime_type.startsWith('audio/')) return <audio controls preload="none" src={url} aria-label={a.name} />;
  return (
    <a className={classes.file} href={url} download={a.name} aria-label={t.download(a.name)}>
      <IconFile size={18} stroke={1.7} aria-hidden />
      <span className={classes.fileName}>{a.name}</span>
      <span className={classes.fileSize}>{fileSize(a.size)}</span>
      <IconDownload size={16} stroke={1.8} aria-hidden />
    </a>
  );
}
