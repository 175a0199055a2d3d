import { ActionIcon, SegmentedControl, Table, Tooltip } from '@mantine/core';
import { IconPhotoDown } from '@tabler/icons-react';
import { type ReactNode, useId, useRef, useState } from 'react';
import { notifyError } from '@/parts/notify';
import { text } from '@/text/en';
import { ListLink } from '../ListLink';
import classes from './Chart.module.css';
import { downloadPicture } from './picture';

const t = text.analytics.chart;

/** What a cell says, and where its own conversations are; '' where there are none. */
export type ChartCell = string | { text: string; href: string };

export interface ChartRow {
  key: string;
  cells: ChartCell[];
  /** Where the conversations of the whole row are, for its first cell. */
  href?: string;
}

interface Props {
  title: string;
  /** The title of the picture, which stands alone; else that of the card. */
  picture?: string;
  note?: ReactNode;
  /** How many of the smallest are left out of each; it takes the place of the note. */
  hidden?: { chart: number; table: number };
  controls?: ReactNode;
  /** The same numbers as a table. */
  columns: string[];
  rows: ChartRow[];
  busy?: boolean;
  children: ReactNode;
}

/** A chart with its title, the way to see it as a table and the way to take its picture. */
export function ChartCard({ title, picture = title, note, hidden, controls, columns, rows, busy, children }: Props) {
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const body = useRef<HTMLDivElement>(null);
  const id = useId();
  const less = hidden?.[view] ?? 0;
  const said = less > 0 ? t.more(less) : note;
  const download = () => {
    const svg = body.current?.querySelector('svg');
    if (svg) downloadPicture(svg, picture).catch(() => notifyError(new Error(t.downloadFailed)));
  };
  return (
    <section className={classes.card} aria-labelledby={id} aria-busy={busy || undefined} data-picture>
      <header className={classes.head}>
        <div className={classes.titles}>
          <h2 id={id}>{title}</h2>
          {said && <p>{said}</p>}
        </div>
        <div className={classes.controls}>
          {controls}
          <SegmentedControl
            size="xs"
            aria-label={t.view(title)}
            value={view}
            onChange={(v) => setView(v as typeof view)}
            data={[
              { value: 'chart', label: t.asChart },
              { value: 'table', label: t.asTable },
            ]}
          />
          <Tooltip label={t.download(title)}>
            <ActionIcon size={30} onClick={download} disabled={view !== 'chart'} aria-label={t.download(title)}>
              <IconPhotoDown size={17} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        </div>
      </header>
      {view === 'chart' ? (
        <div ref={body}>{children}</div>
      ) : (
        <div className={classes.scroll} tabIndex={0} role="region" aria-labelledby={id}>
          <Table className="tabular" verticalSpacing={6} fz={13}>
            <Table.Thead>
              <Table.Tr>
                {columns.map((c) => (
                  <Table.Th key={c}>{c}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((r) => (
                <Table.Tr key={r.key}>
                  {r.cells.map((cell, i) => (
                    <Table.Td key={columns[i]}>
                      {typeof cell === 'string' ? (
                        <ListLink to={i === 0 ? (r.href ?? '') : ''}>{cell}</ListLink>
                      ) : (
                        <ListLink to={cell.href}>{cell.text}</ListLink>
                      )}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </section>
  );
}
