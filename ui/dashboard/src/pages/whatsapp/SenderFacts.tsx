import { Progress } from '@mantine/core';
import type { Sender } from '@/api/types';
import { RelativeTime } from '@/parts/RelativeTime';
import { Tag } from '@/parts/Tag';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import classes from './WhatsApp.module.css';

const t = text.whatsapp;

const tones = { GREEN: 'good', YELLOW: 'warn', RED: 'danger', UNKNOWN: 'quiet' } as const;

export function StatusTag({ sender }: { sender: Sender }) {
  const { status } = sender.health;
  const tone = status === 'online' ? 'good' : status === 'connecting' || status === 'pending' ? 'warn' : 'danger';
  return <Tag tone={tone}>{t.status[status]}</Tag>;
}

/** What Meta says of a number, and what Parley counts of it. Quality and limit stand apart: they are two things. */
export function SenderFacts({ sender }: { sender: Sender }) {
  const h = sender.health;
  const limit = h.limit < 0 ? t.facts.unlimited : h.limit === 0 ? t.facts.unknown : number(h.limit);
  return (
    <dl className={classes.facts}>
      <div>
        <dt>{t.facts.quality}</dt>
        <dd>
          <Tag tone={tones[h.quality]}>{t.quality[h.quality]}</Tag>
        </dd>
      </div>
      <div>
        <dt>{t.facts.limit}</dt>
        <dd className="tabular">
          {t.facts.limitOf(number(h.used), limit)}
          {h.limit > 0 && <Progress mt={6} size="sm" value={(100 * h.used) / h.limit} aria-label={t.facts.limit} />}
        </dd>
      </div>
      <div>
        <dt>{t.facts.free}</dt>
        <dd className="tabular">{t.facts.freeLeft(number(h.free_service_left))}</dd>
      </div>
      <div>
        <dt>{t.facts.throughput}</dt>
        <dd className="tabular">{h.throughput > 0 ? t.facts.perSecond(number(h.throughput)) : '–'}</dd>
      </div>
      <div>
        <dt>{t.facts.assistant}</dt>
        <dd>{sender.assistant?.name ?? t.noAssistant}</dd>
      </div>
      <div>
        <dt>{t.facts.webhook}</dt>
        <dd>{h.webhook_at ? <RelativeTime at={h.webhook_at} /> : t.facts.never}</dd>
      </div>
      {h.checked_at && (
        <div>
          <dt>{t.facts.checked}</dt>
          <dd>
            <RelativeTime at={h.checked_at} />
          </dd>
        </div>
      )}
    </dl>
  );
}
