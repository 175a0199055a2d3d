import { ActionIcon } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconAlertCircle, IconCheck, IconChecks, IconMoodSmile } from '@tabler/icons-react';
import { clockTime } from '@/parts/time';
import { text } from '@/text/en';
import classes from './Simulator.module.css';
import { formatted } from './formatted';
import { type Option, type ScreenMessage, mediaURL } from './control';

const t = text.simulator;

interface Props {
  message: ScreenMessage;
  quoted?: ScreenMessage;
  onTap: (choice: string) => void;
  onReact: () => void;
}

/** One message as the person sees it. */
export function ScreenBubble({ message: m, quoted, onTap, onReact }: Props) {
  const rows = m.list?.sections.flatMap((s) => s.rows) ?? [];
  const options: Option[] = [...(m.buttons ?? []), ...rows];
  const mark = m.reaction || m.business_reaction;
  return (
    <div className={classes.said} data-mine={m.mine || undefined}>
      <div className={classes.bubble}>
        {quoted && <blockquote>{quoted.text || quoted.type}</blockquote>}
        {m.header && <strong>{m.header}</strong>}
        <Media message={m} />
        {m.deleted ? <em>{t.deleted}</em> : m.text && <p>{formatted(m.text)}</p>}
        {m.footer && <small>{m.footer}</small>}
        <span className={classes.meta}>
          <time className="tabular">{clockTime(m.at)}</time>
          {m.mine && <Tick status={m.status} />}
          {!m.mine && (
            <ActionIcon size="xs" variant="transparent" color="gray" aria-label={t.react} onClick={onReact}>
              <IconMoodSmile size={14} />
            </ActionIcon>
          )}
        </span>
        {mark && <span className={classes.mark}>{mark}</span>}
      </div>
      {options.map((o) =>
        o.kind === 'copy_code' ? (
          <CopyCode key={o.id} option={o} />
        ) : (
          <button
            key={o.id}
            type="button"
            className={classes.option}
            title={o.description ?? (o.kind === 'quick_reply' ? undefined : o.value)}
            disabled={o.kind === 'url' || o.kind === 'phone_number'}
            onClick={() => onTap(o.id)}
          >
            {o.title}
          </button>
        ),
      )}
    </div>
  );
}

function CopyCode({ option: o }: { option: Option }) {
  const clipboard = useClipboard({ timeout: 1600 });
  return (
    <button
      type="button"
      className={classes.option}
      title={o.value}
      aria-live="polite"
      onClick={() => clipboard.copy(o.value ?? '')}
    >
      {clipboard.error ? text.common.copyFailed : clipboard.copied ? text.common.copied : o.title}
    </button>
  );
}

function Media({ message: m }: { message: ScreenMessage }) {
  const id = m.file?.id;
  if (!id) return null;
  const mime = m.file?.mime_type ?? '';
  if (mime.startsWith('image/')) return <img src={mediaURL(id)} alt={m.text || t.photo} />;
  if (mime.startsWith('audio/')) return <audio controls preload="none" src={mediaURL(id)} aria-label={t.file} />;
  return (
    <a href={mediaURL(id)} download={m.file?.name}>
      {m.file?.name || t.file}
    </a>
  );
}

function Tick({ status }: { status: string }) {
  const Icon = status === 'failed' ? IconAlertCircle : status === 'sent' ? IconCheck : IconChecks;
  const name = t.ticks[status as keyof typeof t.ticks] ?? status;
  return (
    <span title={name} data-tick={status}>
      <Icon size={14} aria-hidden />
      <span className="sr-only">{name}</span>
    </span>
  );
}
