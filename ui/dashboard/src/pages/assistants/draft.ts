import type { AssistantConfig, Example } from '@/api/types';

/** The fields of a configuration that somebody edits on the page. */
export type ConfigField = keyof AssistantConfig;

/**
 * The form of a configuration in which two that mean the same look the same:
 * empty optional fields are left out.
 */
export function normalize(config: AssistantConfig): AssistantConfig {
  const entries = Object.entries(config).filter(
    ([name, value]) => !isEmpty(value) && !(name === 'release_minutes' && value === 0),
  );
  const out = Object.fromEntries(entries) as unknown as AssistantConfig;
  return {
    ...out,
    name: config.name,
    prompt: config.prompt,
    status: config.status,
    speaks_first: config.speaks_first,
    inactivity_minutes: config.inactivity_minutes,
    reply_delay_seconds: config.reply_delay_seconds,
  };
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return Array.isArray(value) && value.length === 0;
}

/** The fields in which two configurations differ. */
export function changedFields(a: AssistantConfig, b: AssistantConfig): ConfigField[] {
  const left = normalize(a);
  const right = normalize(b);
  const names = new Set([...Object.keys(left), ...Object.keys(right)]) as Set<ConfigField>;
  return [...names].filter((name) => !same(left[name], right[name]));
}

/** Whether two JSON values are the same, the order of object keys aside. */
export function same(a: unknown, b: unknown): boolean {
  return stable(a) === stable(b);
}

function stable(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) => {
      if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
      const kept = Object.entries(inner).filter(([, child]) => !isEmpty(child));
      return Object.fromEntries(kept.sort(([x], [y]) => (x < y ? -1 : 1)));
    }) ?? ''
  );
}

/** The examples that are edited, with what was saved of them since the edits began. */
export function mergeExamples(
  base: readonly Example[] = [],
  edited: readonly Example[] = [],
  saved: readonly Example[] = [],
): Example[] {
  if (same(base, edited)) return [...saved];
  const since = saved.filter((example) => !base.some((old) => same(old, example)));
  const replaced = (example: Example) =>
    since.some((other) => same(other, example) || (other.message_id && other.message_id === example.message_id));
  return [...edited.filter((example) => !replaced(example)), ...since];
}
