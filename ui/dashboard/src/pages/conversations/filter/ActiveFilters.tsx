import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTagOf } from '@/desk/queries';
import { text } from '@/text/en';
import { type Filters, countFilters, countedFilters, flags } from '../filters';
import { countedText } from './countedText';
import { periodText } from './DateFilter';
import classes from './Filter.module.css';
import { useAssistantNames } from './useAssistantNames';
import { useTopicName } from './useTopicName';

const t = text.conversations.filters;
const words = text.topics.filter;

interface Props {
  filters: Filters;
  onChange: (part: Partial<Filters>) => void;
  onClear: () => void;
  /** The name of the contact, where the filter holds an id. */
  contact?: string;
}

/** Every filter that is set, each with a way to take it off. */
export function ActiveFilters({ filters: f, onChange, onClear, contact }: Props) {
  const names = useAssistantNames();
  const tagOf = useTagOf();
  const topic = useTopicName(f.topicId);
  if (countFilters(f) === 0) return null;
  const chips: { key: string; label: string; off: () => void }[] = [];
  const add = (key: string, name: string, value: string, off: () => void) =>
    chips.push({ key, label: t.chip(name, value), off });

  for (const s of f.source)
    add(s, t.source, text.sources[s], () => onChange({ source: f.source.filter((x) => x !== s) }));
  for (const a of f.assistant) {
    add(a, t.assistant, names.of(a), () => onChange({ assistant: f.assistant.filter((x) => x !== a) }));
  }
  if (f.status) add('status', t.status, text.conversations.status[f.status], () => onChange({ status: '' }));
  if (f.range) add('range', t.date, periodText(f), () => onChange({ range: '', from: '', to: '' }));
  for (const flag of flags) {
    const value = f.flags[flag];
    if (value === undefined) continue;
    const { [flag]: _, ...rest } = f.flags;
    add(flag, t.flags[flag], value ? t.yes : t.no, () => onChange({ flags: rest }));
  }
  for (const id of f.tag) {
    add(id, text.desk.tags.title, tagOf(id)?.name ?? text.common.unknown, () =>
      onChange({ tag: f.tag.filter((x) => x !== id) }),
    );
  }
  if (f.topicId) add('topic_id', words.topicId, topic, () => onChange({ topicId: '' }));
  for (const s of f.unanswered) {
    add(s, words.unanswered, text.topics.signs[s], () => onChange({ unanswered: f.unanswered.filter((x) => x !== s) }));
  }
  if (f.contact) add('contact', t.contact, contact ?? f.contact, () => onChange({ contact: '' }));
  f.variables.forEach((v, i) => {
    add(`v${i}`, v.name, v.value, () => onChange({ variables: f.variables.filter((_, j) => j !== i) }));
  });

  for (const { key, names } of countedFilters(f)) {
    const rest = { ...f.counted };
    for (const name of names) delete rest[name];
    const { name, value } = countedText(key, f.counted);
    add(key, name, value, () => onChange({ counted: rest }));
  }

  if (chips.length === 0) return null; // the search field clears itself
  return (
    <div className={classes.chips}>
      {chips.map((c) => (
        <button key={c.key} type="button" className={classes.chip} onClick={c.off} aria-label={t.clearOne(c.label)}>
          <span>{c.label}</span>
          <IconX size={14} stroke={2} aria-hidden style={{ flex: 'none' }} />
        </button>
      ))}
      <Button variant="subtle" size="compact-xs" onClick={onClear}>
        {t.clear}
      </Button>
    </div>
  );
}
