import { Checkbox, SimpleGrid, Text, TextInput } from '@mantine/core';
import { text } from '@/text/en';
import classes from './TemplateEditor.module.css';
import type { CodeDraft } from './draft';
import type { PartProps } from './fields';

const t = text.whatsapp.templates.form.code;

/** What Meta leaves open of a one-time code, whose words it writes itself. */
export function CodeFields({ draft, problems, change }: PartProps) {
  const { code } = draft;
  const set = (changes: Partial<CodeDraft>, ...fields: string[]) =>
    change({ code: { ...code, ...changes } }, ...fields);
  return (
    <div className={classes.part} role="group" aria-label={t.title}>
      <Text size="sm" c="dimmed">
        {t.note}
      </Text>
      <Checkbox label={t.advice} checked={code.advice} onChange={(e) => set({ advice: e.currentTarget.checked })} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <TextInput
          label={t.minutes}
          description={t.minutesHelp}
          inputMode="numeric"
          maxLength={2}
          value={code.minutes}
          error={problems.minutes}
          onChange={(e) => set({ minutes: e.currentTarget.value }, 'minutes')}
        />
        <TextInput
          label={t.button}
          description={t.buttonHelp}
          maxLength={25}
          value={code.button}
          error={problems.codeButton}
          onChange={(e) => set({ button: e.currentTarget.value }, 'codeButton')}
        />
      </SimpleGrid>
    </div>
  );
}
