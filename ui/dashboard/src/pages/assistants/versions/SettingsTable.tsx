import { Table } from '@mantine/core';
import type { AssistantConfig, ModelChoice } from '@/api/types';
import { text } from '@/text/en';
import type { ConfigField } from '../draft';
import { builtinProvider } from '../types';
import classes from './Compare.module.css';

const t = text.workshop.compare;

/** The fields that are compared line by line. */
export type TextField = 'prompt' | 'greeting' | 'trouble_text' | 'budget_text';

export const isText = (field: ConfigField): field is TextField =>
  ['prompt', 'greeting', 'trouble_text', 'budget_text'].includes(field);

interface Props {
  fields: readonly ConfigField[];
  before: AssistantConfig;
  after: AssistantConfig;
  /** What providers are called. */
  names: ReadonlyMap<string, string>;
}

/** The settings that differ, with both values. */
export function SettingsTable({ fields, before, after, names }: Props) {
  return (
    <div className={classes.table}>
      <Table verticalSpacing="xs" horizontalSpacing="md" layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.setting}</Table.Th>
            <Table.Th>{t.a}</Table.Th>
            <Table.Th>{t.b}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {fields.map((field) => (
            <Table.Tr key={field}>
              <Table.Th scope="row" fw={500}>
                {text.assistants.configFields[field]}
              </Table.Th>
              <Table.Td>{shown(field, before[field], names)}</Table.Td>
              <Table.Td>{shown(field, after[field], names)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function shown(field: ConfigField, value: unknown, names: ReadonlyMap<string, string>): string {
  if (value === undefined || value === null || value === '') return text.assistants.versions.empty;
  switch (field) {
    case 'model':
    case 'fallback':
      return model(value as ModelChoice, names);
    case 'status':
      return text.assistants.status[value as AssistantConfig['status']].label;
    case 'speaks_first':
      return value ? text.assistants.fields.speaksFirstAssistant : text.assistants.fields.speaksFirstContact;
    case 'after_end':
      return value === 'reopen' ? text.assistants.behaviour.afterEndReopen : text.assistants.behaviour.afterEndNew;
    case 'inactivity_minutes':
    case 'release_minutes':
      return `${Number(value)}${text.assistants.behaviour.minutes(Number(value))}`;
    case 'reply_delay_seconds':
      return `${Number(value)}${text.assistants.behaviour.seconds(Number(value))}`;
    default:
      return Array.isArray(value) ? value.join(', ') : String(value as string | number);
  }
}

function model(choice: ModelChoice, names: ReadonlyMap<string, string>): string {
  if (choice.provider_id === builtinProvider) return text.assistants.builtin;
  const provider = names.get(choice.provider_id) ?? text.assistants.model.gone;
  const temperature =
    choice.temperature === undefined ? '' : `, ${text.assistants.model.temperature} ${choice.temperature}`;
  return `${choice.model} · ${provider}${temperature}`;
}
