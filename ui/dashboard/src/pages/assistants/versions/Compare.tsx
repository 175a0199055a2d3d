import { Modal, Stack, Text } from '@mantine/core';
import type { AssistantConfig, AssistantVersion } from '@/api/types';
import { text } from '@/text/en';
import { type ConfigField, changedFields } from '../draft';
import { useDocuments, useProviders } from '../queries';
import classes from './Versions.module.css';
import { diffLines } from './lines';

const t = text.assistants.versions;

interface Props {
  assistantID: string;
  before: AssistantVersion;
  after: AssistantVersion;
  onClose: () => void;
}

/** What differs between two versions, line by line. */
export function Compare({ assistantID, before, after, onClose }: Props) {
  const names = useNames(assistantID);
  const fields = changedFields(before.config, after.config);
  return (
    <Modal opened onClose={onClose} title={t.compareTitle(before.version, after.version)} size="xl">
      {fields.length === 0 ? (
        <Text size="sm">{t.same}</Text>
      ) : (
        <Stack gap="lg">
          {fields.map((field) => (
            <FieldDiff key={field} field={field} before={before.config} after={after.config} names={names} />
          ))}
        </Stack>
      )}
    </Modal>
  );
}

interface FieldProps {
  field: ConfigField;
  before: AssistantConfig;
  after: AssistantConfig;
  names: ReadonlyMap<string, string>;
}

function FieldDiff({ field, before, after, names }: FieldProps) {
  const lines = diffLines(shown(before[field], names), shown(after[field], names));
  return (
    <section>
      <Text size="sm" fw={580} mb={6} tt="capitalize">
        {text.assistants.configFields[field]}
      </Text>
      <pre className={classes.diff} tabIndex={0}>
        {lines.map((line, i) => (
          <span key={i} className={classes[line.kind]}>
            <span aria-hidden>{line.kind === 'added' ? '+ ' : line.kind === 'removed' ? '− ' : '  '}</span>
            {line.kind !== 'same' && <span className="sr-only">{line.kind === 'added' ? t.added : t.removed}</span>}
            {line.text || ' '}
            {'\n'}
          </span>
        ))}
      </pre>
    </section>
  );
}

/** What documents and providers are called, as far as they still exist. */
function useNames(assistantID: string): ReadonlyMap<string, string> {
  const documents = useDocuments(assistantID).data?.data ?? [];
  const providers = useProviders().data ?? [];
  return new Map([...documents.map((d) => [d.id, d.title] as const), ...providers.map((p) => [p.id, p.name] as const)]);
}

function shown(value: unknown, names: ReadonlyMap<string, string>): string {
  if (value === undefined || value === null || value === '') return t.empty;
  if (typeof value === 'string') return value;
  return JSON.stringify(
    value,
    (_, inner: unknown) => (typeof inner === 'string' ? (names.get(inner) ?? inner) : inner),
    2,
  );
}
