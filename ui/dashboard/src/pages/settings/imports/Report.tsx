import { Anchor, Button, Group, Progress, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Import } from '@/api/types';
import { RelativeTime } from '@/parts/RelativeTime';
import { Tag } from '@/parts/Tag';
import { fileSize, number } from '@/parts/number';
import { text } from '@/text/en';
import classes from './Imports.module.css';
import { useCancelImport } from './queries';
import { summary } from './summary';

const t = text.imports;

const tones = { queued: 'quiet', running: 'accent', done: 'good', failed: 'danger', canceled: 'quiet' } as const;

/** What became of a file: how far it is, what was taken, and what was not and why. */
export function Report({ of: m }: { of: Import }) {
  const [open, setOpen] = useState(false);
  const running = m.state === 'queued' || m.state === 'running';
  return (
    <div className={classes.report}>
      <div className={classes.head}>
        <div>
          <div className={classes.file}>{m.file.name}</div>
          <Text size="sm" c="dimmed">
            {m.system && `${t.systems[m.system]} · `}
            {fileSize(m.file.size)} · <RelativeTime at={m.created_at} /> · {t.by(m.created_by?.name ?? t.program)}
          </Text>
        </div>
        <Group gap="xs" wrap="nowrap">
          {running && <Stop of={m} />}
          <Tag tone={tones[m.state]}>{t.states[m.state]}</Tag>
        </Group>
      </div>
      {running && (
        <Progress
          mt={10}
          aria-label={t.progressLabel}
          value={m.total ? (100 * m.done) / m.total : 100}
          animated={!m.total}
          striped={!m.total}
        />
      )}
      <Text size="sm" mt={6} className="tabular" role={running ? 'status' : undefined}>
        {m.error
          ? m.error.message
          : m.state === 'running' && m.total === null
            ? t.looking
            : running && m.total !== null
              ? t.progress(number(m.done), number(m.total))
              : summary(m)}
      </Text>
      {m.problem_count > 0 && (
        <Anchor component="button" type="button" size="sm" mt={6} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t.hide : t.problems(number(m.problem_count), m.problem_count === 1)}
        </Anchor>
      )}
      {!running && m.taken > 0 && (
        <Anchor component={Link} to="/conversations?status=ended" size="sm" mt={6} ml={m.problem_count > 0 ? 16 : 0}>
          {t.show}
        </Anchor>
      )}
      {open && <Problems of={m} />}
    </div>
  );
}

/** Stops an import where it is. */
function Stop({ of: m }: { of: Import }) {
  const cancel = useCancelImport();
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={t.cancelNamed(m.file.name)}
      loading={cancel.isPending}
      onClick={() => cancel.mutate(m.id)}
    >
      {t.cancel}
    </Button>
  );
}

function Problems({ of: m }: { of: Import }) {
  return (
    <>
      <div className={classes.reasons} tabIndex={0} role="region" aria-label={t.columns.reason}>
        <Table verticalSpacing={6} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.columns.line}</Table.Th>
              <Table.Th>{t.columns.conversation}</Table.Th>
              <Table.Th>{t.columns.reason}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {m.problems.map((p, i) => (
              <Table.Tr key={i}>
                <Table.Td className="tabular">{number(p.line)}</Table.Td>
                <Table.Td>{p.conversation}</Table.Td>
                <Table.Td>{p.reason}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {m.problem_count > m.problems.length && (
        <Text size="sm" c="dimmed" mt={6}>
          {t.first(number(m.problems.length), number(m.problem_count))}
        </Text>
      )}
    </>
  );
}
