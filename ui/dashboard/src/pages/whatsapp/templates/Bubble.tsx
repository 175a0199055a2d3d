import {
  IconCopy,
  IconCornerUpLeft,
  IconExternalLink,
  IconFileText,
  IconMovie,
  IconPhone,
  IconPhoto,
} from '@tabler/icons-react';
import { text } from '@/text/en';
import classes from './Bubble.module.css';
import type { Shape } from './fill';

const t = text.whatsapp.templates;

const icons = { url: IconExternalLink, phone_number: IconPhone, copy_code: IconCopy, quick_reply: IconCornerUpLeft };
const files = { image: IconPhoto, video: IconMovie, document: IconFileText };

interface Props {
  label: string;
  shown: Shape;
  /** The file above the text, if one was chosen. */
  file?: { id: string; name: string } | null;
}

/** A template as it will look on the phone. */
export function Bubble({ label, shown, file }: Props) {
  return (
    <figure className={classes.wall} aria-label={label}>
      <div className={classes.bubble}>
        {shown.media && <Above kind={shown.media} file={file} />}
        {shown.header && <strong>{shown.header}</strong>}
        <p>{shown.body || <span className={classes.empty}>{t.emptyBody}</span>}</p>
        {shown.footer && <small>{shown.footer}</small>}
      </div>
      {shown.actions.map((b, i) => {
        const Icon = icons[b.kind as keyof typeof icons] ?? IconCornerUpLeft;
        return (
          <div key={`${i} ${b.kind}`} className={classes.button} title={b.value || undefined}>
            <Icon size={15} stroke={1.9} aria-hidden /> {b.text || (b.kind === 'copy_code' ? t.copyCode : '…')}
          </div>
        );
      })}
    </figure>
  );
}

function Above({ kind, file }: { kind: keyof typeof files; file: Props['file'] }) {
  if (kind === 'image' && file)
    return <img className={classes.image} src={`/api/v1/attachments/${file.id}`} alt={file.name} />;
  const Icon = files[kind];
  return (
    <div className={classes.above}>
      <Icon size={26} stroke={1.5} aria-hidden />
      <span>{file?.name ?? t.media[kind]}</span>
    </div>
  );
}
