import { Group, Text } from '@mantine/core';
import { Tag } from '@/parts/Tag';
import { text } from '@/text/en';
import classes from './Compare.module.css';
import { type FieldChange, type ItemChange, listChanges } from './changes';

const t = text.workshop.compare;
const tones = { added: 'good', removed: 'danger', changed: 'accent' } as const;

interface Props<T> {
  before: readonly T[];
  after: readonly T[];
  nameOf: (item: T) => string;
}

/** The items of a list that came, went or changed, field by field. */
export function ListChanges<T extends object>({ before, after, nameOf }: Props<T>) {
  const { items, reordered } = listChanges(before, after, nameOf);
  if (reordered) return <Text size="sm">{t.order}</Text>;
  return (
    <ul className={classes.changes}>
      {items.map((item) => (
        <Item key={item.key} item={item} />
      ))}
    </ul>
  );
}

function Item({ item }: { item: ItemChange }) {
  const fields = item.fields.filter(
    (f) => f.name !== 'name' && f.name !== 'message_id' && f.name !== 'conversation_id',
  );
  return (
    <li className={classes.change}>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Tag tone={tones[item.kind]}>{t.kinds[item.kind]}</Tag>
        <span className={classes.name}>{item.key}</span>
      </Group>
      {fields.length > 0 && (
        <dl className={classes.fields}>
          {fields.map((f) => (
            <Field key={f.name} field={f} kind={item.kind} />
          ))}
        </dl>
      )}
    </li>
  );
}

function Field({ field, kind }: { field: FieldChange; kind: ItemChange['kind'] }) {
  return (
    <>
      <dt>{t.fields[field.name] ?? field.name}</dt>
      <dd>
        {kind !== 'added' && (
          <del className={kind === 'changed' ? classes.before : undefined}>{shown(field.before)}</del>
        )}
        {kind === 'changed' && ' → '}
        {kind !== 'removed' && <ins className={classes.after}>{shown(field.after)}</ins>}
      </dd>
    </>
  );
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return text.assistants.versions.empty;
  if (typeof value === 'boolean') return value ? t.on : t.off;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object' && Object.values(value).every((v) => typeof v === 'string')) {
    return Object.entries(value)
      .map(([name, v]) => `${name}: ${v}`)
      .join('\n');
  }
  return JSON.stringify(value, null, 2);
}
