import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import type { Conversation } from '@/api/types';
import { CopyButton } from '@/parts/CopyButton';
import { number } from '@/parts/number';
import { fullTime } from '@/parts/time';
import { text } from '@/text/en';
import { contactName } from '../names';
import { Card, Facts } from './Card';
import classes from './Facts.module.css';

const t = text.conversations.about;
const detail = text.conversations.detail;

/** Who, where and when. */
export function About({ conversation: c }: { conversation: Conversation }) {
  return (
    <Card title={t.title}>
      <Facts
        rows={[
          {
            name: t.contact,
            value: (
              <Anchor
                component={Link}
                to={`/conversations/${c.id}?contact=${encodeURIComponent(c.contact.id)}`}
                title={detail.filterContact}
                size="sm"
              >
                {contactName(c)}
              </Anchor>
            ),
          },
          { name: t.phone, value: c.contact.phone },
          {
            name: t.identifier,
            value:
              c.source !== 'test' && c.contact.identifier !== contactName(c) && c.contact.identifier !== c.contact.phone
                ? c.contact.identifier
                : '',
          },
          {
            name: t.assistant,
            value: (
              <>
                <Anchor component={Link} to={`/assistants/${c.assistant.id}`} size="sm">
                  {c.assistant.name}
                </Anchor>
                , {detail.version(c.assistant.version)}
              </>
            ),
          },
          { name: t.messages, value: <span className="tabular">{number(c.message_count)}</span> },
          { name: t.started, value: <span className="tabular">{fullTime(c.started_at)}</span> },
          {
            name: t.ended,
            value: c.ended_at && (
              <>
                <span className="tabular">{fullTime(c.ended_at)}</span>
                {c.end_reason && <span className={classes.under}>{detail.ended[c.end_reason]}</span>}
              </>
            ),
          },
          { name: t.externalId, value: c.external_id },
          {
            name: t.id,
            value: (
              <span className={classes.id}>
                <code title={c.id}>{c.id.slice(0, 13)}…</code>
                <CopyButton value={c.id} name={`${text.common.copy}: ${t.id}`} />
              </span>
            ),
          },
        ]}
      />
    </Card>
  );
}
