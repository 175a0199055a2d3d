import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react';
import type { CSSProperties } from 'react';
import type { AnalyticsSummary } from '@/api/types';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import classes from './Tiles.module.css';
import { ListLink } from './ListLink';
import { change, cost, count, credits, mean, orNone, percent, seconds } from './format';
import { listLink } from './link';

const t = text.analytics.tiles;

interface Tile {
  label: string;
  /** What compares with the period before. */
  value: (n: AnalyticsSummary['now']) => number | null;
  format: (v: number) => string;
  /** The name of the filter in `lists`; '' for all conversations. */
  list: string;
  notes?: (n: AnalyticsSummary['now']) => { text: string; list?: string }[];
  /** It is about credits, which may not be known in full. */
  cost?: boolean;
}

const amount = (v: string | null) => (v === null ? null : Number(v));

const tiles: Tile[] = [
  { label: t.conversations, value: (n) => n.conversations, format: count, list: '' },
  { label: t.contacts, value: (n) => n.contacts, format: count, list: '' },
  {
    label: t.messages,
    value: (n) => n.messages,
    format: count,
    list: '',
    notes: (n) => [{ text: t.messagesPerConversation(orNone(n.messages_per_conversation, mean)) }],
  },
  {
    label: t.resolution,
    value: (n) => n.resolution_rate,
    format: percent,
    list: 'resolved',
    notes: (n) => [
      { text: t.ofEvaluated(number(n.resolved), number(n.evaluated)), list: 'evaluated' },
      ...(n.unevaluated > 0 ? [{ text: t.unevaluated(number(n.unevaluated)), list: 'unevaluated' }] : []),
    ],
  },
  {
    label: t.handover,
    value: (n) => n.handover_rate,
    format: percent,
    list: 'handed_over',
    notes: (n) => (n.handed_over > 0 ? [{ text: t.handedOver(number(n.handed_over)), list: 'handed_over' }] : []),
  },
  {
    label: t.firstReply,
    value: (n) => n.first_reply.p50,
    format: seconds,
    list: 'replied',
    notes: (n) => (n.first_reply.p95 === null ? [] : [{ text: t.p95(seconds(n.first_reply.p95)) }]),
  },
  {
    label: t.reply,
    value: (n) => n.reply.p50,
    format: seconds,
    list: 'replied',
    notes: (n) => (n.reply.p95 === null ? [] : [{ text: t.p95(seconds(n.reply.p95)) }]),
  },
  {
    label: t.duration,
    value: (n) => n.duration.p50,
    format: seconds,
    list: '',
    notes: (n) => (n.duration.p95 === null ? [] : [{ text: t.p95(seconds(n.duration.p95)) }]),
  },
  {
    label: t.tokens,
    value: (n) => n.input_tokens + n.output_tokens,
    format: count,
    list: '',
    notes: (n) => [{ text: t.inOut(count(n.input_tokens), count(n.output_tokens)) }],
  },
  { label: t.tokensPerConversation, value: (n) => n.tokens_per_conversation, format: mean, list: '' },
  { label: t.tokensPerResolved, value: (n) => n.tokens_per_resolved, format: mean, list: 'resolved' },
  {
    label: t.credits,
    value: (n) => Number(n.credits),
    format: credits,
    list: '',
    cost: true,
    notes: (n) => (n.unpriced > 0 ? [{ text: t.unpriced(number(n.unpriced)), list: 'unpriced' }] : []),
  },
  {
    label: t.creditsPerConversation,
    value: (n) => amount(n.credits_per_conversation),
    format: credits,
    list: '',
    cost: true,
  },
  {
    label: t.creditsPerResolved,
    value: (n) => amount(n.credits_per_resolved),
    format: credits,
    list: 'resolved',
    cost: true,
  },
];

interface Props {
  summary: AnalyticsSummary;
  /** The labels of those to show, in their order; all unless given. */
  only?: readonly string[];
}

/** The numbers of the period; each opens its conversations. */
export function Tiles({ summary, only }: Props) {
  const { now, before, period, lists } = summary;
  return (
    <dl className={classes.tiles} aria-label={t.label} style={only && ({ '--tiles': only.length } as CSSProperties)}>
      {shownOf(only).map((tile) => {
        const value = tile.value(now);
        const shown = tile.cost ? cost(value, now.unpriced) : orNone(value, tile.format);
        // What is not known in full cannot be compared.
        const comparable = before && !(tile.cost && now.unpriced + before.unpriced > 0);
        return (
          <div key={tile.label} className={classes.tile}>
            <dt>{tile.label}</dt>
            <dd>
              <span className={classes.line}>
                <ListLink className={`${classes.value} tabular`} to={listLink(period.list, lists[tile.list] ?? '')}>
                  {shown}
                </ListLink>
                {comparable && <Change now={value} before={tile.value(before)} />}
              </span>
              {tile.notes?.(now).map((n) => (
                <span key={n.text} className={classes.note}>
                  {n.list ? <ListLink to={listLink(period.list, lists[n.list] ?? '')}>{n.text}</ListLink> : n.text}
                </span>
              ))}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

const shownOf = (only: Props['only']): readonly Tile[] =>
  only ? only.flatMap((label) => tiles.filter((tile) => tile.label === label)) : tiles;

function Change({ now, before }: { now: number | null; before: number | null }) {
  const c = change(now, before);
  if (!c) return null;
  if (c.text === '') {
    return (
      <span className={classes.change} title={t.same}>
        {t.sameShort}
      </span>
    );
  }
  const said = t.before(c.up ? t.more(c.text) : t.less(c.text));
  return (
    <span className={`${classes.change} tabular`} title={said}>
      {c.up ? (
        <IconArrowUpRight size={14} stroke={2} aria-hidden />
      ) : (
        <IconArrowDownRight size={14} stroke={2} aria-hidden />
      )}
      <span aria-hidden>{c.text}</span>
      <span className="sr-only">{said}</span>
    </span>
  );
}
