import { Anchor, Button, Checkbox, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconDownload, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Export } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { TimeZoneSelect } from '@/parts/TimeZoneSelect';
import { fileSize, number } from '@/parts/number';
import { fullTime, viewerZone } from '@/parts/time';
import { text } from '@/text/en';
import { ColumnsField } from './ColumnsField';
import classes from './Exports.module.css';
import { Progress } from './Progress';
import { deliver, useEndExport, useExport, useMakeExport } from './queries';
import {
  type Choices,
  type ExportFilter,
  type Format,
  type Hidden,
  formats,
  hasColumns,
  hasTimes,
  hideable,
  isExample,
  isFinished,
  toRequest,
} from './request';

const t = text.exports;

interface Props {
  filter: ExportFilter;
  filters: number; // how many are set
  chosen?: string[]; // these conversations, of those that the filter shows
  onClose: () => void;
}

/** Chooses the form of an export, and shows how it goes. */
export function ExportDialog({ filter, filters, chosen, onClose }: Props) {
  const phone = useMediaQuery('(max-width: 48em)');
  const [choices, setChoices] = useState<Choices>({
    format: 'csv',
    rows: 'conversations',
    columns: null,
    hide: [],
    timeZone: viewerZone(),
    systemPrompt: false,
  });
  const change = (part: Partial<Choices>) => setChoices((c) => ({ ...c, ...part }));
  const [made, setMade] = useState<string>();
  const make = useMakeExport((e) => {
    setMade(e.id);
    if (e.state === 'done') deliver(e);
  });
  return (
    <Modal opened onClose={onClose} title={t.dialogTitle} size="lg" fullScreen={phone}>
      {made ? (
        <Made id={made} onAgain={() => setMade(undefined)} onClose={onClose} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate({ ...toRequest(filter, choices), ...(chosen && { conversation_ids: chosen }) });
          }}
        >
          <Stack gap="lg">
            <Text size="sm">{chosen ? t.whatChosen(chosen.length) : t.what(filters)}</Text>
            <FormatField value={choices.format} onChange={(format) => change({ format })} />
            {hasColumns(choices.format) && (
              <ColumnsField rows={choices.rows} columns={choices.columns} onChange={change} />
            )}
            {isExample(choices.format) && (
              <Checkbox
                label={t.systemPrompt}
                checked={choices.systemPrompt}
                onChange={(e) => change({ systemPrompt: e.currentTarget.checked })}
              />
            )}
            <Checkbox.Group
              label={t.hide}
              description={t.hideHelp}
              value={choices.hide}
              onChange={(v) => change({ hide: v as Hidden[] })}
            >
              <Group gap="md" mt={8}>
                {hideable.map((h) => (
                  <Checkbox key={h} value={h} label={t.hidden[h]} />
                ))}
              </Group>
            </Checkbox.Group>
            {hasTimes(choices.format) && (
              <TimeZoneSelect
                label={t.timeZone}
                value={choices.timeZone}
                onChange={(v) => v && change({ timeZone: v })}
                maw={320}
              />
            )}
            <div aria-live="polite">
              {make.error && (
                <Notice tone="danger" title={t.failed}>
                  {make.error.message}
                </Notice>
              )}
            </div>
            <Group justify="space-between" gap="xs">
              <Anchor component={Link} to="/exports" size="sm">
                {t.past}
              </Anchor>
              <Group gap="xs">
                <Button variant="default" onClick={onClose}>
                  {text.common.cancel}
                </Button>
                <Button type="submit" loading={make.isPending} leftSection={<IconDownload size={16} />}>
                  {t.run}
                </Button>
              </Group>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function FormatField({ value, onChange }: { value: Format; onChange: (format: Format) => void }) {
  return (
    <Radio.Group label={t.format} value={value} onChange={(v) => onChange(v as Format)}>
      <div className={classes.formats}>
        {formats.map((f) => (
          <Radio key={f} value={f} label={t.formats[f]} description={t.formatHelp[f]} />
        ))}
      </div>
    </Radio.Group>
  );
}

/** An export that was asked for: its progress, then its file. */
function Made({ id, onAgain, onClose }: { id: string; onAgain: () => void; onClose: () => void }) {
  const { data: e, error } = useExport(id);
  const end = useEndExport();
  if (error || !e) {
    return error ? (
      <Notice tone="danger" title={t.failed}>
        {error.message}
      </Notice>
    ) : null;
  }
  return (
    <Stack gap="md">
      <div role="status" aria-live="polite">
        <Text fw={580}>{isFinished(e) ? said(e) : t.writing}</Text>
        {e.state === 'done' && e.file && (
          <Text size="sm" c="dimmed">
            {t.readyBody(t.conversations(number(e.done), e.done === 1), fileSize(e.size))}{' '}
            {t.expires(fullTime(e.file.expires_at))}
          </Text>
        )}
        {e.error && <Text size="sm">{e.error}</Text>}
      </div>
      {!isFinished(e) && (
        <>
          <Progress of={e} />
          <Text size="sm" c="dimmed">
            {t.later}
          </Text>
        </>
      )}
      <Group justify="space-between" gap="xs">
        <Anchor component={Link} to="/exports" size="sm">
          {t.past}
        </Anchor>
        <Group gap="xs">
          {isFinished(e) ? (
            <Button variant="default" onClick={onAgain}>
              {t.another}
            </Button>
          ) : (
            <Button variant="default" onClick={() => void end(e)}>
              {t.cancel}
            </Button>
          )}
          {e.file ? (
            <FileButton of={e} />
          ) : (
            <Button variant={isFinished(e) ? 'filled' : 'default'} onClick={onClose}>
              {text.common.close}
            </Button>
          )}
        </Group>
      </Group>
    </Stack>
  );
}

const said = (e: Export): string => (e.state === 'done' ? t.ready : t.states[e.state]);

/** Fetches the file of an export, or opens the page that it is. */
export function FileButton({ of: e, compact }: { of: Export; compact?: boolean }) {
  if (!e.file) return null;
  const page = e.request.format === 'html';
  const look = { size: compact ? 'compact-sm' : 'sm', variant: compact ? 'light' : 'filled' } as const;
  const label = (said: string) => (compact ? <span className={classes.download}>{said}</span> : said);
  return page ? (
    <Button {...look} aria-label={t.print} leftSection={<IconPrinter size={16} />} onClick={() => deliver(e)}>
      {label(t.print)}
    </Button>
  ) : (
    <Button
      {...look}
      component="a"
      href={e.file.url}
      download
      aria-label={t.download}
      leftSection={<IconDownload size={16} />}
    >
      {label(t.download)}
    </Button>
  );
}
