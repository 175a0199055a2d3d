import { Button, Progress, Text, Title } from '@mantine/core';
import type { Erasure } from '@/api/types';
import { RelativeTime } from '@/parts/RelativeTime';
import { Tag } from '@/parts/Tag';
import { number } from '@/parts/number';
import { text } from '@/text/en';
import panel from '../Panel.module.css';
import { goneText } from './goneText';
import { useErasures } from './queries';

const t = text.privacy.erasures;

/** The people who were erased: for each a receipt of what went. */
export function Erasures() {
  const erasures = useErasures();
  const all = erasures.data?.pages.flatMap((p) => p.data) ?? [];
  return (
    <section className={panel.panel}>
      <div className={panel.padded}>
        <Title order={2} size="h5">
          {t.title}
        </Title>
        <Text size="sm" c="dimmed" mt={4}>
          {t.help}
        </Text>
        {erasures.data && all.length === 0 && (
          <Text size="sm" mt="md">
            {t.none}
          </Text>
        )}
      </div>
      {all.map((e) => (
        <Receipt key={e.id} of={e} />
      ))}
      {erasures.hasNextPage && (
        <Button
          m="md"
          variant="default"
          loading={erasures.isFetchingNextPage}
          onClick={() => void erasures.fetchNextPage()}
        >
          {t.more}
        </Button>
      )}
    </section>
  );
}

function Receipt({ of: e }: { of: Erasure }) {
  const left = e.total > 0 && e.gone.conversations < e.total;
  return (
    <div className={panel.row} style={{ borderTop: '1px solid var(--p-line)' }}>
      <div className={panel.main}>
        <Text size="sm" fw={580} className="tabular">
          {t.id(e.contact_id)}
        </Text>
        <Text size="sm" c="dimmed">
          <RelativeTime at={e.finished_at ?? e.created_at} /> · {t.by(e.asked_by)}
        </Text>
        <Text size="sm" mt={4}>
          {goneText(e.gone) || (e.state === 'done' ? t.nothing : '')}
        </Text>
        {e.state === 'running' && (
          <Progress
            mt={8}
            aria-label={t.progress}
            value={left ? (100 * e.gone.conversations) / e.total : 100}
            animated={!left}
            striped={!left}
          />
        )}
      </div>
      <Tag tone={e.state === 'done' ? 'good' : 'quiet'}>
        {e.state === 'done'
          ? t.done
          : e.state === 'waiting'
            ? t.waiting
            : left
              ? t.running(number(e.gone.conversations), number(e.total))
              : t.finishing}
      </Tag>
    </div>
  );
}
