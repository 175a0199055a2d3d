import { Button, Group, Progress, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/api/client';
import type { Passage } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { percent } from '@/parts/number';
import { text } from '@/text/en';
import { Section } from '../Section';
import classes from './KnowledgeTab.module.css';

const t = text.assistants.tryQuestion;

interface Props {
  assistantID: string;
  /** The version whose knowledge is searched: a newer one makes what was found old. */
  version: number;
}

/** Shows what a question finds in the documents. */
export function TryQuestion({ assistantID, version }: Props) {
  const [question, setQuestion] = useState('');
  const search = useMutation({
    mutationFn: async (asked: string) => {
      const found = await data(
        api.POST('/api/v1/assistants/{id}/knowledge/search', {
          params: { path: { id: assistantID } },
          body: { question: asked },
        }),
      );
      return { passages: found.data, version };
    },
    meta: { quiet: true },
  });
  const found = search.data?.version === version ? search.data.passages : undefined;
  return (
    <Section title={t.title} note={t.help}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (question.trim()) search.mutate(question.trim());
        }}
      >
        <Group gap="xs" wrap="nowrap">
          <TextInput
            aria-label={t.label}
            placeholder={t.placeholder}
            value={question}
            maxLength={2000}
            flex={1}
            onChange={(event) => setQuestion(event.currentTarget.value)}
          />
          <Button
            type="submit"
            variant="default"
            leftSection={<IconSearch size={16} />}
            loading={search.isPending}
            disabled={!question.trim()}
          >
            {t.ask}
          </Button>
        </Group>
      </form>
      <div aria-live="polite">
        {search.error && <Notice tone="danger">{search.error.message}</Notice>}
        {found?.length === 0 && <Notice tone="quiet">{t.none}</Notice>}
        {found && found.length > 0 && <Passages passages={found} />}
      </div>
    </Section>
  );
}

function Passages({ passages }: { passages: Passage[] }) {
  return (
    <>
      <Text size="sm" c="dimmed" mb={8}>
        {t.found(passages.length)}
      </Text>
      <ol className={classes.passages}>
        {passages.map((passage, i) => {
          const covered = percent(passage.coverage);
          return (
            <li key={`${passage.document_id} ${i}`} className={classes.passage}>
              <Group justify="space-between" gap="xs">
                <Text size="sm" fw={580}>
                  {passage.title}
                  {passage.heading && (
                    <Text span size="sm" c="dimmed" fw={400}>
                      {' › '}
                      {passage.heading}
                    </Text>
                  )}
                </Text>
                <Group gap={8} wrap="nowrap">
                  <Progress value={passage.coverage * 100} size={6} className={classes.bar} aria-hidden />
                  <Text size="xs" c="dimmed" className="tabular">
                    {t.coverage(covered)}, {t.score(passage.score.toFixed(1))}
                  </Text>
                </Group>
              </Group>
              <p className={classes.text}>{passage.text}</p>
            </li>
          );
        })}
      </ol>
    </>
  );
}
