import { Loader } from '@mantine/core';
import { IconAlertTriangle, IconDownload, IconFile, IconFileOff } from '@tabler/icons-react';
import type { Attachment } from '@/api/types';
import { fileSize } from '@/parts/number';
import { text } from '@/text/en';
import classes from './Transcript.module.css';

const t = text.conversations.message;

/** Files of a message: images and sound in place, everything else to download; beneath them what was read of them. */
export function Attachments({ attachments }: { attachments: readonly Attachment[] }) {
  return attachments.map((a) => (
    <figure key={a.id} className={classes.attachment}>
      <Content attachment={a} url={`/api/v1/attachments/${a.id}`} />
      <Caption attachment={a} />
    </figure>
  ));
}

interface Props {
  attachment: Attachment;
}

const isSound = (a: Attachment) => a.mime_type.startsWith('audio/');

function Content({ attachment: a, url }: Props & { url: string }) {
  if (a.state === 'pending') {
    return (
      <div className={classes.file} role="status">
        <Loader size={14} aria-hidden />
        <span className={classes.fileName}>{a.name}</span>
        <span className={classes.fileSize}>{t.fetching}</span>
      </div>
    );
  }
  if (a.state === 'missing') {
    return (
      <div className={classes.file}>
        <IconFileOff size={18} stroke={1.7} aria-hidden />
        <span className={classes.fileName}>{a.name}</span>
        <span className={classes.fileSize}>{t.missing}</span>
      </div>
    );
  }
  if (/^image\/(png|jpeg|gif|webp|avif)$/.test(a.mime_type)) {
    return (
      <a href={url} target="_blank" rel="noreferrer">
        <img src={url} alt={t.image(a.name)} loading="lazy" />
      </a>
    );
  }
  if (isSound(a)) {
    return <audio controls preload="none" src={url} aria-label={a.voice ? t.voiceNote : a.name} />;
  }
  return (
    <a className={classes.file} href={url} download={a.name} aria-label={t.download(a.name)}>
      <IconFile size={18} stroke={1.7} aria-hidden />
      <span className={classes.fileName}>{a.name}</span>
      <span className={classes.fileSize}>{fileSize(a.size)}</span>
      <IconDownload size={16} stroke={1.8} aria-hidden />
    </a>
  );
}

/** What was understood of a file, that it is being read, or why nobody did. */
function Caption({ attachment: a }: Props) {
  return (
    <>
      {a.reading && (
        <figcaption>
          <strong>{isSound(a) ? t.transcript : t.reading}:</strong> {a.reading}
        </figcaption>
      )}
      {a.state === 'reading' && <figcaption role="status">{isSound(a) ? t.listening : t.looking}</figcaption>}
      {a.error && (
        <figcaption className={classes.fileTrouble}>
          <IconAlertTriangle size={14} stroke={1.8} aria-hidden />
          <span>
            {a.state !== 'missing' && <strong>{isSound(a) ? t.notHeard : t.notSeen}: </strong>}
            {a.error}
          </span>
        </figcaption>
      )}
      {a.declared_type && <figcaption>{t.declared(a.declared_type, a.mime_type)}</figcaption>}
    </>
  );
}
