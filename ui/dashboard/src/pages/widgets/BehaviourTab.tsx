import { Checkbox, Group, NumberInput, Stack, Switch } from '@mantine/core';
import type { WidgetSettings } from '@/api/types';
import { Section } from '@/pages/assistants/Section';
import { text } from '@/text/en';
import { HoursFields } from './HoursFields';
import type { TabProps } from './tab';

const t = text.widgets.behaviour;
type FileType = WidgetSettings['attachments']['types'][number];

/** What the widget does by itself, what visitors may send, and when people are there. */
export function BehaviourTab({ draft }: TabProps) {
  const { settings, setSettings, readOnly, problem } = draft;
  const { auto_open: open, attachments: files } = settings;
  return (
    <>
      <Section title={t.open}>
        <Stack gap="sm">
          <Switch
            label={t.openEnabled}
            checked={open.enabled}
            onChange={(event) => setSettings({ auto_open: { ...open, enabled: event.currentTarget.checked } })}
            disabled={readOnly}
          />
          {open.enabled && (
            <NumberInput
              label={t.openAfter}
              min={0}
              max={600}
              maw={200}
              value={open.after_seconds}
              onChange={(value) => setSettings({ auto_open: { ...open, after_seconds: Number(value) } })}
              error={problem('auto_open.after_seconds')}
              readOnly={readOnly}
            />
          )}
        </Stack>
      </Section>
      <Section title={t.chat}>
        <Stack gap="sm">
          <Switch
            label={t.tools}
            checked={settings.show_tool_calls}
            onChange={(event) => setSettings({ show_tool_calls: event.currentTarget.checked })}
            disabled={readOnly}
          />
          <Switch
            label={t.rating}
            checked={settings.rating}
            onChange={(event) => setSettings({ rating: event.currentTarget.checked })}
            disabled={readOnly}
          />
        </Stack>
      </Section>
      <Section title={t.files}>
        <Stack gap="sm">
          <Switch
            label={t.filesEnabled}
            checked={files.enabled}
            onChange={(event) => setSettings({ attachments: { ...files, enabled: event.currentTarget.checked } })}
            disabled={readOnly}
          />
          {files.enabled && (
            <>
              <Checkbox.Group
                label={t.fileTypes}
                value={files.types}
                onChange={(types) => setSettings({ attachments: { ...files, types: types as FileType[] } })}
              >
                <Group gap="md" mt={6}>
                  {(Object.keys(t.types) as FileType[]).map((type) => (
                    <Checkbox key={type} value={type} label={t.types[type]} disabled={readOnly} />
                  ))}
                </Group>
              </Checkbox.Group>
              <NumberInput
                label={t.fileSize}
                min={1}
                max={10}
                maw={200}
                value={files.max_mb}
                onChange={(value) => setSettings({ attachments: { ...files, max_mb: Number(value) } })}
                error={problem('attachments.max_mb')}
                readOnly={readOnly}
              />
            </>
          )}
        </Stack>
      </Section>
      <HoursFields draft={draft} />
    </>
  );
}
