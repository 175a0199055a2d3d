import { Button, Group, Modal, SimpleGrid, Stack, Text, TextInput, type TextInputProps } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import { ApiError } from '@/api/error';
import type { Price } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';

const t = text.settings.prices;

interface Props {
  /** The price that gets a new version; none for a model's first. */
  start?: Price;
  /** The names of a model whose first price it is. */
  named?: { provider: string; model: string };
  onClose: () => void;
}

const amount = (value: string) => (value === '' || /^\d{1,7}(\.\d{1,6})?$/.test(value) ? null : t.problems.amount);

/** Sets what a model costs from now on. */
export function PriceEditor({ start, named, onClose }: Props) {
  const client = useQueryClient();
  const form = useForm({
    initialValues: {
      provider: start?.provider ?? named?.provider ?? '',
      model: start?.model ?? named?.model ?? '',
      input_usd: start?.input_usd ?? '',
      output_usd: start?.output_usd ?? '',
      cached_usd: start?.cached_usd ?? '',
      cache_write_usd: start?.cache_write_usd ?? '',
      source: '',
      read_on: today(),
    },
    validate: {
      provider: (value) => (value.trim() ? null : t.problems.provider),
      model: (value) => (value.trim() ? null : t.problems.model),
      input_usd: amount,
      output_usd: amount,
      cached_usd: amount,
      cache_write_usd: amount,
      source: (value) => (value.trim() ? null : t.problems.source),
      read_on: (value) => (/^\d{4}-\d{2}-\d{2}$/.test(value) ? null : t.problems.date),
    },
  });
  const save = useMutation({
    mutationFn: (values: typeof form.values) =>
      data(
        api.POST('/api/v1/prices', {
          body: {
            ...values,
            input_usd: values.input_usd || undefined,
            output_usd: values.output_usd || undefined,
            cached_usd: values.cached_usd || undefined,
            cache_write_usd: values.cache_write_usd || undefined,
          },
        }),
      ),
    onSuccess: (price) => {
      void client.invalidateQueries({ queryKey: ['prices'] });
      notifyDone(t.added(price.model));
      onClose();
    },
    onError: (error) => error instanceof ApiError && form.setErrors(error.fieldMap()),
  });
  return (
    <Modal opened onClose={onClose} title={start ? t.newVersionOf(start.model) : t.addTitle} size="lg">
      <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t.addHelp}
          </Text>
          {save.error && <Notice tone="danger">{save.error.message}</Notice>}
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput
              label={t.provider}
              description={t.providerHelp}
              readOnly={Boolean(start)}
              spellCheck={false}
              {...form.getInputProps('provider')}
            />
            <TextInput
              label={t.model}
              description={t.modelHelp}
              readOnly={Boolean(start)}
              spellCheck={false}
              {...form.getInputProps('model')}
            />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <Dollars label={t.input} help={t.emptyUnknown} {...form.getInputProps('input_usd')} />
            <Dollars label={t.output} help={t.emptyUnknown} {...form.getInputProps('output_usd')} />
            <Dollars label={t.cached} help={t.emptyInput} {...form.getInputProps('cached_usd')} />
            <Dollars label={t.cacheWrite} help={t.emptyInput} {...form.getInputProps('cache_write_usd')} />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput label={t.source} description={t.sourceHelp} maxLength={500} {...form.getInputProps('source')} />
            <DateInput
              label={t.readOn}
              description={'\u00a0'}
              valueFormat="YYYY-MM-DD"
              maxDate={new Date()}
              {...form.getInputProps('read_on')}
              onChange={(value) => form.setFieldValue('read_on', value ?? '')}
            />
          </SimpleGrid>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {text.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Dollars({ label, help, ...input }: TextInputProps & { label: string; help: string }) {
  return (
    <TextInput label={label} description={`${t.perMillion}. ${help}`} inputMode="decimal" leftSection="$" {...input} />
  );
}

function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
