import { Button, NumberInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import { ApiError } from '@/api/error';
import type { Workspace } from '@/api/types';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import panel from '../Panel.module.css';
import { useKeepWorkspace, useWorkspace } from '../workspace/queries';
import classes from './PricesPage.module.css';

const t = text.settings.prices;

/** What a credit is worth, the rate of Test Chat, and what Meta does not charge. */
export function CreditsForm({ readOnly }: { readOnly: boolean }) {
  const workspace = useWorkspace();
  if (!workspace.data) return null;
  const { credit_usd, test_chat_percent, free_service_messages } = workspace.data;
  return (
    <Form
      key={`${credit_usd} ${test_chat_percent} ${free_service_messages}`}
      workspace={workspace.data}
      readOnly={readOnly}
    />
  );
}

function Form({ workspace, readOnly }: { workspace: Workspace; readOnly: boolean }) {
  const keep = useKeepWorkspace();
  const form = useForm<{
    credit_usd: string;
    test_chat_percent: number | string;
    free_service_messages: number | string;
  }>({
    initialValues: {
      credit_usd: workspace.credit_usd,
      test_chat_percent: workspace.test_chat_percent,
      free_service_messages: workspace.free_service_messages,
    },
    validate: {
      credit_usd: (value) => (/^\d{1,4}(\.\d{1,6})?$/.test(value) && Number(value) > 0 ? null : t.worthProblem),
      test_chat_percent: (value) =>
        value !== '' && Number.isInteger(Number(value)) && Number(value) >= 0 && Number(value) <= 1000
          ? null
          : t.rateProblem,
      free_service_messages: (value) =>
        value !== '' && Number.isInteger(Number(value)) && Number(value) >= 0 ? null : t.freeProblem,
    },
  });
  const save = useMutation({
    mutationFn: (values: typeof form.values) =>
      data(
        api.PATCH('/api/v1/workspace', {
          body: {
            credit_usd: values.credit_usd,
            test_chat_percent: Number(values.test_chat_percent),
            free_service_messages: Number(values.free_service_messages),
          },
        }),
      ),
    onSuccess: (saved) => {
      keep(saved);
      notifyDone(t.worthSaved);
    },
    onError: (error) => error instanceof ApiError && form.setErrors({ credit_usd: error.message }),
  });
  return (
    <form
      noValidate
      className={`${panel.panel} ${panel.padded} ${classes.credits}`}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
    >
      <TextInput
        label={t.worth}
        description={t.worthHelp}
        inputMode="decimal"
        w={210}
        leftSection="$"
        readOnly={readOnly}
        {...form.getInputProps('credit_usd')}
      />
      <NumberInput
        label={t.testRate}
        description={t.testRateHelp}
        suffix="%"
        min={0}
        max={1000}
        allowDecimal={false}
        w={320}
        maw="100%"
        readOnly={readOnly}
        {...form.getInputProps('test_chat_percent')}
      />
      <NumberInput
        label={t.freeService}
        description={t.freeServiceHelp}
        min={0}
        allowDecimal={false}
        w={320}
        maw="100%"
        readOnly={readOnly}
        {...form.getInputProps('free_service_messages')}
      />
      {!readOnly && form.isDirty() && (
        <Button type="submit" loading={save.isPending}>
          {text.common.save}
        </Button>
      )}
      <Text size="xs" c="dimmed" w="100%">
        {t.worthNote}
      </Text>
    </form>
  );
}
