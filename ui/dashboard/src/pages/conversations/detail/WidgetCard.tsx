import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Conversation } from '@/api/types';
import { useCan } from '@/auth/useMe';
import { fullTime } from '@/parts/time';
import { text } from '@/text/en';
import { Card, Facts } from './Card';
import classes from './Facts.module.css';

const t = text.conversations.widget;

/** What is known of a conversation that came through a widget. */
export function WidgetCard({ conversation: c }: { conversation: Conversation }) {
  const mayOpen = useCan('settings:read');
  const w = c.widget;
  if (!w) return null;
  return (
    <Card title={t.title}>
      <Facts
        rows={[
          {
            name: t.rating,
            value: w.rating && (
              <>
                <span className="tabular" title={fullTime(w.rating.at)}>
                  {t.of5(w.rating.score)}
                </span>
                {w.rating.comment && <span className={classes.under}>{w.rating.comment}</span>}
              </>
            ),
          },
          {
            name: t.email,
            value: w.email && (
              <Anchor href={`mailto:${w.email}`} size="sm">
                {w.email}
              </Anchor>
            ),
          },
          { name: t.page, value: w.page },
          { name: t.language, value: w.language },
          {
            name: t.widget,
            value: mayOpen && (
              <Anchor component={Link} to={`/widgets/${w.widget_id}`} size="sm">
                {t.open}
              </Anchor>
            ),
          },
        ]}
      />
      {w.consents.map((consent) => (
        <Text key={consent.field} size="xs" c="dimmed" mt="xs">
          {t.agreed(fullTime(consent.at))} “{consent.text}”
        </Text>
      ))}
    </Card>
  );
}
