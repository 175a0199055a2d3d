import { Button, Divider, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Sender } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';
import { AnswerFields, AppFields, NumberFields } from './connect/fields';
import { checksOf, trialOf, valuesOf } from './connect/senderValues';
import { useSaveSender } from './connect/useSaveSender';
import { TestConnection } from './TestConnection';

const t = text.whatsapp.form;

/** The settings of a number, which can be tried before they are saved. */
export function SenderForm({ sender, onSaved }: { sender: Sender; onSaved: (sender: Sender) => void }) {
  const form = useForm({ initialValues: valuesOf(sender), validate: checksOf(sender) });
  const save = useSaveSender({
    sender,
    onSaved: (saved) => {
      form.setInitialValues(valuesOf(saved));
      form.reset();
      onSaved(saved);
    },
    onFields: form.setErrors,
  });
  const parts = [
    { title: t.steps.number, Fields: NumberFields },
    { title: t.steps.app, Fields: AppFields },
    { title: t.steps.answer, Fields: AnswerFields },
  ];
  return (
    <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="lg">
        {save.error && (
          <Notice tone="danger" title={t.failed}>
            {save.error.message}
          </Notice>
        )}
        {parts.map(({ title, Fields }) => (
          <Stack key={title} gap="sm" component="section">
            <Divider label={title} labelPosition="left" />
            <Fields form={form} sender={sender} />
          </Stack>
        ))}
        <TestConnection settings={trialOf(form.values, sender)} />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            {text.common.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
