import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClockHour4,
  IconClockOff,
  IconEyeCheck,
  IconHandStop,
  IconNote,
  IconPaperclip,
  IconUser,
} from '@tabler/icons-react';
import { Checkbox } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'react-router';
import type { ConversationRow } from '@/api/types';
import { TagMark } from '@/desk/TagMark';
import { Credits } from '@/parts/Credits';
import { RelativeTime } from '@/parts/RelativeTime';
import { SourceBadge } from '@/parts/SourceBadge';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import classes from './Row.module.css';
import { contactName, contactNote, speakerName } from './names';
import { useNow, windowState } from './window';

const t = text.conversations;

interface Props {
  row: ConversationRow;
  to: string;
  selected: boolean;
  /** Whether it is chosen, while conversations are being chosen; else undefined. */
  chosen?: boolean | undefined;
  onChoose: (id: string, range: boolean) => void;
}

/** One conversation of the list. The same cells lie in a line when there is room, else in a card. */
export const Row = memo(function Row({ row, to, selected, chosen, onChoose }: Props) {
  const snippet = row.snippets?.[0];
  return (
    <li className={classes.item} data-choosing={chosen !== undefined || undefined}>
      {chosen !== undefined && (
        <Checkbox
          className={classes.choose}
          size="md"
          checked={chosen}
          aria-label={text.bulk.choose(contactName(row))}
          onChange={(e) => onChoose(row.id, (e.nativeEvent as MouseEvent).shiftKey)}
        />
      )}
      <Link
        to={snippet ? `${to}#${snippet.message_id}` : to}
        className={classes.row}
        aria-current={selected ? 'true' : undefined}
        data-row={row.id}
        data-unread={(row.unread && !selected) || undefined}
      >
        <span className={classes.source}>
          <SourceBadge source={row.source} />
        </span>
        <span className={classes.contact}>
          <span className={classes.strong}>
            {row.unread && !selected && <span className="sr-only">{text.desk.read.unread}: </span>}
            {contactName(row)}
          </span>
          <span className={classes.note}>{contactNote(row)}</span>
        </span>
        <span className={classes.assistant}>{row.assistant.name}</span>
        <span className={classes.words}>
          <span className={classes.preview}>{snippet ? <Snippets row={row} /> : <LastMessage row={row} />}</span>
          {row.tags.length > 0 && <Tags row={row} />}
        </span>
        <span className={`${classes.messages} tabular`} title={t.columns.messages}>
          {number(row.message_count)}
          <span className={classes.unit}> {t.list.messagesUnit(row.message_count)}</span>
        </span>
        <span className={classes.cost} title={t.columns.cost}>
          <Credits credits={row.cost.credits} complete={row.cost.complete} />
        </span>
        <span className={classes.status}>
          <Status row={row} />
        </span>
        <RelativeTime at={row.last_activity_at} className={`${classes.time} tabular`} />
      </Link>
    </li>
  );
});

// As many as there is room for in a line.
const mostTags = 3;

function Tags({ row }: { row: ConversationRow }) {
  return (
    <span className={classes.tags}>
      <span className="sr-only">{text.desk.tags.of(row.tags.map((tag) => tag.name).join(', '))}</span>
      {row.tags.slice(0, mostTags).map((tag) => (
        <span key={tag.id} aria-hidden>
          <TagMark tag={tag} />
        </span>
      ))}
      {row.tags.length > mostTags && <span aria-hidden>{text.desk.tags.more(row.tags.length - mostTags)}</span>}
    </span>
  );
}

// A preview is one line of Markdown; its marks only disturb there.
const plain = (content: string): string =>
  content.replace(/\*\*|__|`+/g, '').replace(/(?<![^\s(>])\*(?=\S)|(?<=\S)\*(?![^\s).,!?<])/g, '');

function LastMessage({ row }: { row: ConversationRow }) {
  if (!row.last_message) return <span className={classes.quiet}>{t.list.noMessage}</span>;
  return (
    <>
      <span className={classes.speaker}>{speakerName(row, row.last_message.role)}:</span>{' '}
      {plain(row.last_message.content)}
    </>
  );
}

// The line is short: of what stands before the first word found, keep little.
// Cut between words, so that no escaped character is cut in two.
function nearMark(html: string): string {
  const at = html.indexOf('<mark>');
  const words = html.slice(0, Math.max(0, at)).split(' ');
  return words.length > 4 ? `… ${words.slice(-4).join(' ')}${html.slice(at)}` : html;
}

function Snippets({ row }: { row: ConversationRow }) {
  return (row.snippets ?? []).slice(0, 2).map((s) => (
    <span key={s.message_id} className={classes.snippet} data-alone={row.snippets?.length === 1 || undefined}>
      <span className={classes.speaker}>{speakerName(row, s.role)}:</span>{' '}
      {/* Escaped by the server; only <mark> is left as HTML. */}
      <span dangerouslySetInnerHTML={{ __html: nearMark(plain(s.html)) }} />
    </span>
  ));
}

function Status({ row }: { row: ConversationRow }) {
  const state = row.waiting
    ? { name: t.status.waitingShort, kind: 'waiting' }
    : row.owner === 'operator' && row.status === 'active'
      ? { name: row.operator?.name ? t.status.with(row.operator.name) : t.status.withOperator, kind: 'operator' }
      : { name: t.status[row.status], kind: row.status };
  return (
    <>
      <span className={classes.state} data-kind={state.kind} title={state.name}>
        {state.kind === 'operator' && <IconUser size={13} stroke={2} aria-hidden />}
        {state.kind === 'waiting' && <IconHandStop size={13} stroke={2} aria-hidden />}
        <span className={classes.stateName}>{state.name}</span>
      </span>
      <span className={classes.flags}>
        <WindowFlag row={row} />
        {row.resolved && <Flag icon={IconCircleCheck} name={t.status.resolved} kind="good" />}
        {row.has_error && <Flag icon={IconAlertTriangle} name={t.status.hasError} kind="error" />}
        {row.reviewed && <Flag icon={IconEyeCheck} name={text.desk.review.reviewed} />}
        {row.note_count > 0 && <Flag icon={IconNote} name={text.desk.notes.count(row.note_count)} kind="note" />}
        {row.has_attachment && <Flag icon={IconPaperclip} name={t.status.hasAttachment} />}
      </span>
    </>
  );
}

/** Whether WhatsApp still allows free-form messages in a conversation that goes on. */
function WindowFlag({ row }: { row: ConversationRow }) {
  const state = windowState(row, useNow(60_000));
  if (!state || row.status === 'ended') return null;
  return (
    <Flag
      icon={state.open ? IconClockHour4 : IconClockOff}
      name={state.open ? t.window.short.open(state.left) : t.window.short.closed}
    />
  );
}

function Flag({ icon: Icon, name, kind }: { icon: typeof IconPaperclip; name: string; kind?: string }) {
  return (
    <span title={name} data-kind={kind} className={classes.flag}>
      <Icon size={15} stroke={1.8} aria-hidden />
      <span className="sr-only">{name}</span>
    </span>
  );
}
