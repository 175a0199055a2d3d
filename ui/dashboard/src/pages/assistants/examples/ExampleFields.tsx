import { Stack, Textarea } from '@mantine/core';
import type { Example } from '@/api/types';
import { text } from '@/text/en';

const t = text.workshop.examples;

interface Props {
  value: Pick<Example, 'question' | 'answer'>;
  onChange: (changes: Partial<Example>) => void;
  /** Whether to say what is missing. */
  asked: boolean;
}

/** The question and the answer of an example. */
export function ExampleFields({ value, onChange, asked }: Props) {
  const missing = (field: string) => (asked && !field.trim() ? text.assistants.problems.example : undefined);
  return (
    <Stack gap="md">
      <Textarea
        label={t.question}
        description={t.questionHelp}
        value={value.question}
        onChange={(event) => onChange({ question: event.currentTarget.value })}
        error={missing(value.question)}
        maxLength={4000}
        autosize
        minRows={2}
        maxRows={8}
        data-autofocus
      />
      <Textarea
        label={t.answer}
        description={t.answerHelp}
        value={value.answer}
        onChange={(event) => onChange({ answer: event.currentTarget.value })}
        error={missing(value.answer)}
        maxLength={8000}
        autosize
        minRows={4}
        maxRows={14}
      />
    </Stack>
  );
}
