import { Button, Group, SegmentedControl, Stack, Switch, Text } from '@mantine/core';
import { IconPlayerTrackNext } from '@tabler/icons-react';
import { notifyDone } from '@/parts/notify';
import { number as formatted } from '@/parts/number';
import { text } from '@/text/en';
import panel from '../settings/Panel.module.css';
import { type BusinessNumber, type Phone, type State, useAct } from './control';

const t = text.simulator;

// How often each fault happens while it is switched on.
const share = 0.3;

/** Moves time on, lets things go wrong, and plays Meta's reviewers. */
export function Controls({ state, number, phone }: { state: State; number: BusinessNumber; phone: Phone }) {
  const act = useAct();
  const age = (seconds: number) =>
    act.mutate({ path: '/age', body: { seconds } }, { onSuccess: () => notifyDone(t.moved) });
  const waiting = state.templates.filter((x) => x.status === 'PENDING');
  return (
    <Stack gap="md">
      <section className={`${panel.panel} ${panel.padded}`}>
        <Heading title={t.time} note={t.timeNote} />
        <Group gap="xs">
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlayerTrackNext size={14} />}
            onClick={() => age(3600)}
          >
            {t.hour}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlayerTrackNext size={14} />}
            onClick={() => age(24 * 3600)}
          >
            {t.day}
          </Button>
        </Group>
      </section>
      <section className={`${panel.panel} ${panel.padded}`}>
        <Heading title={t.faults} note={t.faultsNote} />
        <Stack gap={8}>
          {(Object.keys(t.fault) as (keyof typeof t.fault)[]).map((name) => (
            <Switch
              key={name}
              size="sm"
              label={t.fault[name]}
              checked={Number(state.faults[name]) > 0}
              onChange={(e) =>
                act.mutate({
                  method: 'PUT',
                  path: '/faults',
                  body: { ...state.faults, [name]: e.currentTarget.checked ? share : 0 },
                })
              }
            />
          ))}
        </Stack>
      </section>
      <section className={`${panel.panel} ${panel.padded}`}>
        <Heading title={t.identity} note={t.identityNote} />
        <Switch
          size="sm"
          label={t.hidden(phone.name || t.noName)}
          checked={phone.identity === 'user_id'}
          onChange={(e) =>
            act.mutate({
              method: 'PATCH',
              path: `/phones/${phone.id}`,
              body: { identity: e.currentTarget.checked ? 'user_id' : 'both' },
            })
          }
        />
      </section>
      <section className={`${panel.panel} ${panel.padded}`}>
        <Heading title={t.quality} />
        <SegmentedControl
          size="xs"
          aria-label={t.quality}
          value={number.quality}
          onChange={(quality) =>
            act.mutate({ path: `/numbers/${number.id}`, body: { quality } }, { onSuccess: () => notifyDone(t.changed) })
          }
          data={(['GREEN', 'YELLOW', 'RED'] as const).map((q) => ({ value: q, label: text.whatsapp.quality[q] }))}
        />
      </section>
      {waiting.length > 0 && (
        <section className={`${panel.panel} ${panel.padded}`}>
          <Heading title={t.templates} />
          <Stack gap={8}>
            {waiting.map((x) => (
              <Group key={x.id} gap="xs" justify="space-between">
                <Text size="sm">
                  {x.name} ({x.language})
                </Text>
                <Group gap={6}>
                  {(['APPROVED', 'REJECTED'] as const).map((status) => (
                    <Button
                      key={status}
                      size="compact-xs"
                      variant="default"
                      onClick={() =>
                        act.mutate(
                          { path: `/templates/${x.id}/review`, body: { status } },
                          { onSuccess: () => notifyDone(t.reviewed) },
                        )
                      }
                    >
                      {status === 'APPROVED' ? t.approve : t.reject}
                    </Button>
                  ))}
                </Group>
              </Group>
            ))}
          </Stack>
        </section>
      )}
      {act.error && (
        <Text size="sm" c="red" role="alert">
          {act.error.message}
        </Text>
      )}
      <details>
        <summary>{t.counts}</summary>
        <Stack gap={2} mt={6}>
          {Object.entries(state.counts)
            .sort()
            .map(([name, n]) => (
              <Text key={name} size="xs" className="tabular">
                {name.replaceAll('_', ' ')}: {formatted(n)}
              </Text>
            ))}
        </Stack>
      </details>
    </Stack>
  );
}

function Heading({ title, note }: { title: string; note?: string }) {
  return (
    <>
      <Text fw={580} size="sm" mb={note ? 2 : 'xs'}>
        {title}
      </Text>
      {note && (
        <Text size="xs" c="dimmed" mb="xs">
          {note}
        </Text>
      )}
    </>
  );
}
