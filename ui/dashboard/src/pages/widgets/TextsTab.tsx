import { Button, Group, Select, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { WidgetSettings } from '@/api/types';
import { Section } from '@/pages/assistants/Section';
import { text } from '@/text/en';
import { type TabProps, languageName, languagesOf } from './tab';
import { usePreview } from './usePreview';

const t = text.widgets.texts;
const own = Object.keys(t.labels);

/** Every text that a visitor may read, by language. */
export function TextsTab({ draft, language, onLanguage }: TabProps) {
  const { settings, setSettings, readOnly, problem } = draft;
  const [adding, setAdding] = useState('');
  const preview = usePreview(draft, language);
  const shown = preview.data?.config.texts ?? {};
  const texts = settings.texts?.[language] ?? {};
  const languages = languagesOf(draft).map((tag) => ({ value: tag, label: `${languageName(tag)} (${tag})` }));
  const setText = (key: string, value: string) => {
    const next = { ...texts, [key]: value };
    if (value === '') delete next[key];
    setSettings({ texts: { ...settings.texts, [language]: next } });
  };
  const add = () => {
    const tag = adding.trim();
    if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag)) return;
    setSettings({ texts: { ...settings.texts, [tag]: settings.texts?.[tag] ?? {} } });
    onLanguage(tag);
    setAdding('');
  };
  const field = (key: string) => (
    <Textarea
      key={key}
      label={t.labels[key] ?? key}
      autosize
      minRows={1}
      maxRows={4}
      maxLength={1000}
      value={texts[key] ?? ''}
      placeholder={texts[key] ? undefined : shown[key]}
      onChange={(event) => setText(key, event.currentTarget.value)}
      error={problem(`texts.${language}.${key}`)}
      readOnly={readOnly}
    />
  );
  return (
    <>
      <Group align="flex-end" gap="sm">
        <Select
          label={t.language}
          data={languages}
          value={language}
          onChange={(tag) => tag && onLanguage(tag)}
          allowDeselect={false}
          searchable
        />
        <Select
          label={t.main}
          data={languages}
          value={settings.language}
          onChange={(tag) => tag && setSettings({ language: tag })}
          allowDeselect={false}
          searchable
          readOnly={readOnly}
        />
        {!readOnly && (
          <>
            <TextInput
              label={t.add}
              placeholder={t.addHelp}
              value={adding}
              onChange={(event) => setAdding(event.currentTarget.value)}
              maxLength={35}
            />
            <Button variant="default" onClick={add} disabled={!adding.trim()}>
              {t.add}
            </Button>
          </>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {t.mainHelp} {t.note}
      </Text>
      <Section title={t.own}>
        <Stack gap="md">
          {own.map(field)}
          <Textarea
            label={t.suggested}
            description={t.suggestedHelp}
            autosize
            minRows={3}
            value={(settings.suggested?.[language] ?? []).join('\n')}
            onChange={(event) => {
              const lines = event.currentTarget.value.split('\n').slice(0, 6);
              setSettings({ suggested: withLines(settings.suggested, language, lines) });
            }}
            error={[0, 1, 2, 3, 4, 5].map((i) => problem(`suggested.${language}.${i}`)).find(Boolean)}
            readOnly={readOnly}
          />
        </Stack>
      </Section>
      <Section title={t.all}>
        <Stack gap="md">
          {Object.keys(shown)
            .filter((key) => !own.includes(key))
            .sort()
            .map(field)}
        </Stack>
      </Section>
    </>
  );
}

/** Puts the lines of a language in place; none of them takes the language away. */
function withLines(all: WidgetSettings['suggested'], language: string, lines: string[]) {
  const next = { ...all };
  if (lines.length === 1 && lines[0] === '') delete next[language];
  else next[language] = lines;
  return next;
}
