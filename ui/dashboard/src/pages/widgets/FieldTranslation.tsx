import { Fieldset, Stack, TextInput, Textarea } from '@mantine/core';
import type { WidgetField } from '@/api/types';
import { text } from '@/text/en';
import { languageName } from './tab';

const t = text.widgets.form;

interface Props {
  field: WidgetField;
  language: string;
  onChange: (patch: Partial<WidgetField>) => void;
}

/** The words of a field in the language that the page shows. */
export function FieldTranslation({ field, language, onChange }: Props) {
  const words = field.languages?.[language] ?? {};
  const set = (patch: typeof words) =>
    onChange({ languages: { ...field.languages, [language]: { ...words, ...patch } } });
  const called = languageName(language);
  return (
    <Fieldset legend={`${t.translation}: ${called}`}>
      <Stack gap="sm">
        <TextInput
          label={t.translationOf(t.label, called)}
          placeholder={field.label}
          value={words.label ?? ''}
          onChange={(event) => set({ label: event.currentTarget.value })}
        />
        {field.type === 'dropdown' && (
          <Textarea
            label={t.translationOf(t.options, called)}
            placeholder={(field.options ?? []).join('\n')}
            autosize
            minRows={3}
            value={(words.options ?? []).join('\n')}
            onChange={(event) => {
              const { value } = event.currentTarget;
              set({ options: value === '' ? undefined : value.split('\n') });
            }}
          />
        )}
        {field.type === 'checkbox' && field.consent && (
          <Textarea
            label={t.translationOf(t.consent, called)}
            placeholder={field.consent}
            autosize
            value={words.consent ?? ''}
            onChange={(event) => set({ consent: event.currentTarget.value })}
          />
        )}
        {field.pattern_hint && (
          <TextInput
            label={t.translationOf(t.patternHint, called)}
            placeholder={field.pattern_hint}
            value={words.pattern_hint ?? ''}
            onChange={(event) => set({ pattern_hint: event.currentTarget.value })}
          />
        )}
      </Stack>
    </Fieldset>
  );
}
