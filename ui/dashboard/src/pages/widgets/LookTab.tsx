import { Button, ColorInput, FileButton, Group, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { WidgetSettings } from '@/api/types';
import { Section } from '@/pages/assistants/Section';
import { useAssistantNames } from '@/pages/conversations/filter/useAssistantNames';
import { text } from '@/text/en';
import type { TabProps } from './tab';
import type { WidgetDraft } from './useWidgetDraft';

const t = text.widgets.look;

const choices = <K extends string>(labels: Record<K, string>) =>
  (Object.keys(labels) as K[]).map((value) => ({ value, label: labels[value] }));

/** How the widget looks and where it stands. */
export function LookTab({ draft }: TabProps) {
  const { settings, setSettings, readOnly, problem } = draft;
  const assistants = useAssistantNames();
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label={text.widgets.name}
          value={draft.name}
          onChange={(event) => draft.set({ name: event.currentTarget.value })}
          error={problem('name')}
          maxLength={120}
          readOnly={readOnly}
        />
        <Select
          label={text.widgets.assistant}
          data={assistants.choices}
          value={draft.assistant_id || null}
          onChange={(id) => id && draft.set({ assistant_id: id })}
          error={problem('assistant_id') ?? (draft.assistant_id ? undefined : text.widgets.assistantGone)}
          allowDeselect={false}
          searchable
          readOnly={readOnly}
        />
        <Select
          label={t.mode}
          description={t.modeHelp}
          data={choices(t.modes).map((mode) => ({ ...mode, disabled: mode.value !== 'chat' }))}
          value={settings.mode}
          allowDeselect={false}
          readOnly={readOnly}
        />
        <Select
          label={t.size}
          description={t.sizeHelp}
          data={choices(t.sizes)}
          value={settings.size}
          onChange={(size) => size && setSettings({ size: size as WidgetSettings['size'] })}
          allowDeselect={false}
          readOnly={readOnly}
        />
        <Select
          label={t.position}
          data={choices(t.positions)}
          value={settings.position}
          onChange={(position) => position && setSettings({ position: position as WidgetSettings['position'] })}
          allowDeselect={false}
          readOnly={readOnly}
        />
        <Select
          label={t.theme}
          data={choices(t.themes)}
          value={settings.theme}
          onChange={(theme) => theme && setSettings({ theme: theme as WidgetSettings['theme'] })}
          allowDeselect={false}
          readOnly={readOnly}
        />
      </SimpleGrid>
      <Section title={t.launcher}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label={t.icon}
            description={t.iconHelp}
            value={settings.icon}
            onChange={(event) => setSettings({ icon: event.currentTarget.value.trim() })}
            error={problem('icon')}
            readOnly={readOnly}
          />
          <Avatar draft={draft} />
        </SimpleGrid>
      </Section>
      <Colors draft={draft} theme="light" />
      <Colors draft={draft} theme="dark" />
    </>
  );
}

function Colors({ draft, theme }: { draft: WidgetDraft; theme: 'light' | 'dark' }) {
  const colors = draft.settings[theme];
  return (
    <Section title={t[theme]}>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {(['accent', 'on_accent', 'background', 'text'] as const).map((name) => (
          <ColorInput
            key={name}
            label={t.colors[name]}
            format="hex"
            eyeDropperButtonProps={{ 'aria-label': t.pickColor(t.colors[name]) }}
            value={colors[name]}
            onChange={(value) => draft.setSettings({ [theme]: { ...colors, [name]: value } })}
            error={draft.problem(`${theme}.${name}`)}
            readOnly={draft.readOnly}
          />
        ))}
      </SimpleGrid>
    </Section>
  );
}

const maxPicture = 24 * 1024;

function Avatar({ draft }: { draft: WidgetDraft }) {
  const { settings, setSettings, readOnly } = draft;
  const [large, setLarge] = useState(false);
  const avatar = settings.avatar ?? '';
  const picture = avatar.startsWith('data:');
  const take = (file: File | null) => {
    setLarge(!!file && file.size > maxPicture);
    if (!file || file.size > maxPicture) return;
    const reader = new FileReader();
    reader.onload = () => setSettings({ avatar: String(reader.result) });
    reader.readAsDataURL(file);
  };
  return (
    <div>
      <TextInput
        label={t.avatar}
        description={t.avatarHelp}
        value={picture ? '' : avatar}
        disabled={picture}
        leftSection={picture ? <img src={avatar} alt="" width={22} height={22} /> : undefined}
        onChange={(event) => setSettings({ avatar: event.currentTarget.value.trim() })}
        error={large ? t.pictureLarge : draft.problem('avatar')}
        readOnly={readOnly}
      />
      {!readOnly && (
        <Group gap="xs" mt={8}>
          <FileButton accept="image/png,image/jpeg,image/gif,image/webp" onChange={take}>
            {(props) => (
              <Button variant="default" size="compact-sm" {...props}>
                {t.picture}
              </Button>
            )}
          </FileButton>
          {picture && (
            <Button variant="subtle" size="compact-sm" onClick={() => setSettings({ avatar: '' })}>
              {t.noPicture}
            </Button>
          )}
        </Group>
      )}
    </div>
  );
}
