import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { WidgetSettings } from '@/api/types';
import { Section } from '@/pages/assistants/Section';
import { useConfirm } from '@/parts/Confirm';
import { Notice } from '@/parts/Notice';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import { Secret } from './Secret';
import type { TabProps } from './tab';

const t = text.widgets.security;
type Identity = WidgetSettings['identity'];
type Limit = keyof WidgetSettings['limits'];

/** Which sites may use the widget, who visitors have to be, and how much they may do. */
export function SecurityTab({ draft }: TabProps) {
  const { settings, setSettings, readOnly, problem, widget } = draft;
  const { origins, limits } = settings;
  const wrong = origins.map((_, i) => problem(`origins.${i}`)).find(Boolean);
  const confirm = useConfirm();
  const signOut = useMutation({
    mutationFn: () => data(api.POST('/api/v1/widgets/{id}/sign-out', { params: { path: { id: widget.id } } })),
    onSuccess: () => notifyDone(t.signOutDone),
  });
  const ask = async () => {
    if (await confirm({ title: t.signOutTitle, body: t.signOutHelp, action: t.signOut, danger: true })) {
      signOut.mutate();
    }
  };
  return (
    <>
      <Section title={t.origins}>
        <Stack gap="sm">
          <Textarea
            aria-label={t.origins}
            description={t.originsHelp}
            autosize
            minRows={3}
            spellCheck={false}
            value={origins.join('\n')}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setSettings({ origins: value === '' ? [] : value.split('\n').map((line) => line.trim()) });
            }}
            error={wrong}
            readOnly={readOnly}
          />
          {origins.length === 0 && <Notice tone="warn">{t.originsEmpty}</Notice>}
        </Stack>
      </Section>
      <Section title={t.identity} note={t.identityHelp}>
        <Stack gap="sm">
          <Select
            aria-label={t.identity}
            data={(Object.keys(t.modes) as Identity[]).map((mode) => ({ value: mode, label: t.modes[mode] }))}
            value={settings.identity}
            onChange={(mode) => mode && setSettings({ identity: mode as Identity })}
            allowDeselect={false}
            readOnly={readOnly}
          />
          <Secret widget={widget} readOnly={readOnly} />
        </Stack>
      </Section>
      <Section title={t.limits}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {(Object.keys(t.limit) as Limit[]).map((name) => (
            <NumberInput
              key={name}
              label={t.limit[name]}
              min={1}
              value={limits[name]}
              onChange={(value) => setSettings({ limits: { ...limits, [name]: Number(value) } })}
              error={problem(`limits.${name}`)}
              readOnly={readOnly}
            />
          ))}
        </SimpleGrid>
      </Section>
      {!readOnly && (
        <Section title={t.visitors}>
          <Group>
            <Button variant="default" onClick={() => void ask()} loading={signOut.isPending}>
              {t.signOut}
            </Button>
            <Text size="sm" c="dimmed">
              {t.signOutHelp}
            </Text>
          </Group>
        </Section>
      )}
    </>
  );
}
