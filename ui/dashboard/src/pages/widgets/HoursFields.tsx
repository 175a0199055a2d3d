import { ActionIcon, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { Section } from '@/pages/assistants/Section';
import { TimeZoneSelect } from '@/parts/TimeZoneSelect';
import { text } from '@/text/en';
import type { WidgetDraft } from './useWidgetDraft';

const t = text.widgets.behaviour;

// Monday first; the numbers are the server's, where 0 is Sunday.
const week = [1, 2, 3, 4, 5, 6, 0];

/** When people are there: spans of each weekday in a time zone. */
export function HoursFields({ draft }: { draft: WidgetDraft }) {
  const { hours } = draft.settings;
  const { readOnly, problem } = draft;
  const set = (patch: Partial<typeof hours>) => draft.setSettings({ hours: { ...hours, ...patch } });
  const change = (index: number, patch: { from?: string; to?: string }) =>
    set({ open: hours.open.map((span, i) => (i === index ? { ...span, ...patch } : span)) });
  return (
    <Section title={t.hours}>
      <Stack gap="sm">
        <Switch
          label={t.hoursEnabled}
          checked={hours.enabled}
          onChange={(event) => set({ enabled: event.currentTarget.checked })}
          disabled={readOnly}
        />
        {hours.enabled && (
          <>
            <Switch
              label={t.answers}
              description={t.answersHelp}
              checked={hours.assistant_answers}
              onChange={(event) => set({ assistant_answers: event.currentTarget.checked })}
              disabled={readOnly}
            />
            <TimeZoneSelect
              label={t.zone}
              maw={320}
              value={hours.time_zone}
              onChange={(zone) => zone && set({ time_zone: zone })}
              error={problem('hours.time_zone')}
              readOnly={readOnly}
            />
            {week.map((day) => {
              const name = t.days[day] ?? '';
              const spans = hours.open.map((span, index) => ({ ...span, index })).filter((span) => span.day === day);
              return (
                <Group key={day} gap="sm" align="center">
                  <Text size="sm" w={96}>
                    {name}
                  </Text>
                  <Stack gap={6}>
                    {spans.length === 0 && (
                      <Text size="sm" c="dimmed">
                        {t.closed}
                      </Text>
                    )}
                    {spans.map(({ index, from, to }) => (
                      <Group key={index} gap={6}>
                        <TextInput
                          aria-label={t.from(name)}
                          w={84}
                          value={from}
                          onChange={(event) => change(index, { from: event.currentTarget.value })}
                          error={problem(`hours.open.${index}.from`)}
                          readOnly={readOnly}
                        />
                        <TextInput
                          aria-label={t.to(name)}
                          w={84}
                          value={to}
                          onChange={(event) => change(index, { to: event.currentTarget.value })}
                          error={problem(`hours.open.${index}.to`)}
                          readOnly={readOnly}
                        />
                        {!readOnly && (
                          <ActionIcon
                            aria-label={t.removeSpan(name)}
                            onClick={() => set({ open: hours.open.filter((_, i) => i !== index) })}
                          >
                            <IconTrash size={16} />
                          </ActionIcon>
                        )}
                      </Group>
                    ))}
                  </Stack>
                  {!readOnly && (
                    <ActionIcon
                      aria-label={t.addSpan(name)}
                      onClick={() => set({ open: [...hours.open, { day, from: '09:00', to: '17:00' }] })}
                    >
                      <IconPlus size={16} />
                    </ActionIcon>
                  )}
                </Group>
              );
            })}
          </>
        )}
      </Stack>
    </Section>
  );
}
