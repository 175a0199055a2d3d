import { Button, Fieldset, Group, Modal } from '@mantine/core';
import { useState } from 'react';
import type { Example } from '@/api/types';
import { text } from '@/text/en';
import { ExampleFields } from './ExampleFields';

const t = text.workshop.examples;

interface Props {
  opened: boolean;
  /** The example that is edited; none for a new one. */
  start?: Example;
  readOnly: boolean;
  onDone: (example: Example) => void;
  onClose: () => void;
}

/** Edits one example. */
export function ExampleEditor({ opened, start, readOnly, onDone, onClose }: Props) {
  const [example, setExample] = useState<Example>(start ?? { question: '', answer: '' });
  const [asked, setAsked] = useState(false);
  return (
    <Modal opened={opened} onClose={onClose} title={start ? t.editTitle : t.newTitle} size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          const tidy = { ...example, question: example.question.trim(), answer: example.answer.trim() };
          if (tidy.question && tidy.answer) onDone(tidy);
        }}
      >
        <Fieldset variant="unstyled" disabled={readOnly}>
          <ExampleFields
            value={example}
            onChange={(changes) => setExample((old) => ({ ...old, ...changes }))}
            asked={asked}
          />
        </Fieldset>
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            {readOnly ? text.common.close : text.common.cancel}
          </Button>
          {!readOnly && <Button type="submit">{t.done}</Button>}
        </Group>
      </form>
    </Modal>
  );
}
