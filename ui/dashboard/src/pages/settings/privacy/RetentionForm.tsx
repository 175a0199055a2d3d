import { Button, Group, NumberInput, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Retention } from '@/api/types';
import { useConfirm } from '@/parts/Confirm';
import { SourceBadge } from '@/parts/SourceBadge';
import { text } from '@/text/en';
import panel from '../Panel.module.css';
import { useSetRetention } from './queries';

const t = text.privacy.retention;

const sources = ['whatsapp', 'widget', 'api', 'test'] as const;
type Source = (typeof sources)[number];
type Values = Record<Source, number | string>;

const maxDays = 3650;

/** For how many days conversations are kept, by source. */
export function RetentionForm({ kept }: { kept: Retention['days'] }) {
  const confirm = useConfirm();
  const save = useSetRetention();
  const form = useForm<Values>({
    initialValues: Object.fromEntries(sources.map((s) => [s, kept[s] ?? ''])) as Values,
    validate: Object.fromEntries(sources.map((s) => [s, (value: number | string) => problem(value)])),
  });
  const submit = form.onSubmit(async (values) => {
    const days = Object.fromEntries(sources.filter((s) => values[s] !== '').map((s) => [s, Number(values[s])]));
    const shorter = sources.filter((s) => days[s] !== undefined && (kept[s] === undefined || days[s] < kept[s]));
    const what = shorter.map((s) => t.confirmOne(text.sources[s], days[s] ?? 0)).join(', ');
    if (
      shorter.length > 0 &&
      !(await confirm({ title: t.confirmTitle, body: t.confirmBody(what), action: t.confirm, danger: true }))
    )
      return;
    save.mutate(days, { onSuccess: () => form.resetDirty() });
  });
  return (
    <form noValidate className={`${panel.panel} ${panel.padded}`} onSubmit={submit}>
      <Stack gap="md">
        <div>
          <Title order={2} size="h5">
            {t.title}
          </Title>
          <Text size="sm" c="dimmed" mt={4}>
            {t.help}
          </Text>
        </div>
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
          {sources.map((source) => (
            <NumberInput
              key={source}
              label={<SourceBadge source={source} />}
              labelProps={{ mb: 6 }}
              aria-label={t.label(text.sources[source])}
              placeholder={t.forever}
              suffix={` ${t.days}`}
              min={1}
              max={maxDays}
              clampBehavior="none"
              allowDecimal={false}
              allowNegative={false}
              {...form.getInputProps(source)}
            />
          ))}
        </SimpleGrid>
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            {text.common.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function problem(value: number | string): string | null {
  if (value === '') return null;
  const days = Number(value);
  return Number.isInteger(days) && days >= 1 && days <= maxDays ? null : t.problem;
}
