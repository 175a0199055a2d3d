import { Text } from '@mantine/core';
import type { VersionStep } from '@/api/types';
import { RelativeTime } from '@/parts/RelativeTime';
import { text } from '@/text/en';
import { Author } from './Author';
import classes from './Compare.module.css';

const t = text.workshop.compare;

/** Who saved what between two versions. */
export function Steps({ steps, more }: { steps: readonly VersionStep[]; more: boolean }) {
  return (
    <section>
      <h3 className={classes.part}>{t.steps}</h3>
      <ul className={classes.steps}>
        {steps.map((step) => (
          <li key={step.version}>
            {text.workshop.compare.version(step.version)}: {changedText(step.changed)}{' '}
            <Text span size="xs" c="dimmed">
              <RelativeTime at={step.created_at} /> <Author author={step.author} by="" />
            </Text>
          </li>
        ))}
      </ul>
      {more && (
        <Text size="xs" c="dimmed" mt={6}>
          {t.stepsMore}
        </Text>
      )}
    </section>
  );
}

/** The names of changed fields in a sentence. */
export function changedText(fields: readonly string[]): string {
  if (fields.length === 0) return text.assistants.versions.unchanged;
  const names: Record<string, string | undefined> = text.assistants.configFields;
  return text.assistants.versions.changed(fields.map((field) => names[field] ?? field).join(', '));
}
