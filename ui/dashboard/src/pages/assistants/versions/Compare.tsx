import { Modal, Stack, Text } from '@mantine/core';
import type { AssistantConfig, AssistantVersion } from '@/api/types';
import { text } from '@/text/en';
import { type ConfigField, changedFields } from '../draft';
import classes from './Versions.module.css';
import { diffLines } from './lines';

const t = text.assistants.versions;

interface Props {
  before: AssistantVersion;
  after: AssistantVersion;
  onClose: () => void;
}

/** What differs between two versions, line by line. */
export function Compare({ before, after, onClose }: Props) {
  const fields = changedFields(before.config, after.config);
  return (
    <Modal opened onClose={onClose} title={t.compareTitle(before.version, after.version)} size="xl">
      {fields.length === 0 ? (
        <Text size="sm">{t.same}</Text>
      ) : (
        <Stack gap="lg">
          {fields.map((field) => (
            <FieldDiff key={field} field={field} before={before.config} after={after.config} />
          ))}
        </Stack>
      )}
    </Modal>
  );
}

function FieldDiff({
  field,
  before,
  after,
}: {
  field: ConfigField;
  before: AssistantConfig;
  after: AssistantConfig;
}) {
  const lines = diffLines(shown(before[field]), shown(after[field]));
  return (
    <section>
      <Text size="sm" fw={580} mb={6} tt="capitalize">
        {text.assistants.configFields[field]}
      </Text>
      <pre className={classes.diff} tabIndex={0}>
        {lines.map((line, i) => (
          <span key={i} className={classes[line.kind]}>
            <span aria-hidden>{line.kind === 'added' ? '+ ' : line.kind === 'removed' ? '− ' : '  '}</span>
            {line.kind !== 'same' && (
              <span className="sr-only">{line.kind === 'added' ? t.added : t.removed}</span>
            )}
            {line.text || ' '}
            {'\n'}
          </span>
        ))}
      </pre>
    </section>
  );
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return t.empty;
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
