import { Button, Group, Progress, Text } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { type DragEvent, useRef, useState } from 'react';
import { Notice } from '@/parts/Notice';
import { percent } from '@/parts/number';
import { text } from '@/text/en';
import classes from './Imports.module.css';
import { useBring } from './queries';

const t = text.imports;

/** Takes a file that is dropped or chosen, and shows how its upload goes. */
export function DropZone() {
  const { bring, stop, sent, name, error } = useBring();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const busy = sent !== null;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file && !busy) bring(file);
  };
  return (
    <div>
      <div
        className={classes.zone}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <IconFileImport size={28} stroke={1.5} aria-hidden />
        {busy ? (
          <div className={classes.upload}>
            <Text size="sm" role="status" className="tabular">
              {t.uploading(name, percent(sent))}
            </Text>
            <Progress value={100 * sent} aria-label={t.uploadingLabel} my={10} />
            <Button variant="default" size="xs" onClick={stop}>
              {t.stop}
            </Button>
          </div>
        ) : (
          <>
            <Text fw={580}>{t.drop}</Text>
            <Text size="sm" c="dimmed" maw={560}>
              {t.dropHelp}
            </Text>
            <Group gap="xs">
              <Button onClick={() => input.current?.click()}>{t.choose}</Button>
            </Group>
            <Text size="sm" c="dimmed" maw={560}>
              {t.notes}
            </Text>
          </>
        )}
        <input
          ref={input}
          type="file"
          hidden
          aria-label={t.chooseLabel}
          accept=".json,.jsonl,.ndjson,.csv,application/json,text/csv"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = ''; // the same file may be chosen again
            if (file) bring(file);
          }}
        />
      </div>
      <div aria-live="polite">
        {error && (
          <Notice tone="danger" title={t.failed} mt="sm">
            {error}
          </Notice>
        )}
      </div>
    </div>
  );
}
