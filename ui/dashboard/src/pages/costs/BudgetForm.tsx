import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Budget } from '@/api/types';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';
import { useAssistantNames } from '../conversations/filter/useAssistantNames';
import { isAmount } from './budget';
import { useSaveBudget } from './queries';

const t = text.costs.form;

interface Props {
  /** The budget to change; null: one of an assistant that has none. */
  budget: Budget | null;
  /** The assistants that have one. */
  taken: ReadonlySet<string>;
  onClose: () => void;
}

/** Sets a budget, or removes it. */
export function BudgetForm({ budget, taken, onClose }: Props) {
  const names = useAssistantNames();
  const [assistant, setAssistant] = useState(budget?.assistant?.id ?? '');
  const [credits, setCredits] = useState(budget?.credits ?? '');
  const [asked, setAsked] = useState(false);
  const save = useSaveBudget(onClose);
  const amount = credits.trim();
  const nobody = budget === null && assistant === '';
  const title =
    budget === null ? t.titleAssistant : budget.assistant ? t.titleOf(budget.assistant.name) : t.titleWorkspace;
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (isAmount(amount) && !nobody) save.mutate({ assistant, credits: amount });
        }}
      >
        <Stack gap="md">
          {save.error && <Notice tone="danger">{save.error.message}</Notice>}
          {budget === null && (
            <Select
              label={t.assistant}
              searchable
              value={assistant || null}
              onChange={(v) => setAssistant(v ?? '')}
              data={names.list.filter((a) => !taken.has(a.id)).map((a) => ({ value: a.id, label: a.name }))}
              error={asked && nobody ? t.problems.assistant : undefined}
            />
          )}
          <TextInput
            label={t.credits}
            description={t.help}
            inputMode="decimal"
            maxLength={20}
            data-autofocus={budget !== null || undefined}
            value={credits}
            onChange={(event) => setCredits(event.currentTarget.value)}
            error={asked && !isAmount(amount) ? t.problems.credits : undefined}
          />
          <Text size="sm" c="dimmed">
            {t.free}
          </Text>
          <Group justify="flex-end" gap="xs">
            {budget !== null && budget.credits !== null && (
              <Button
                variant="subtle"
                color="red.8"
                mr="auto"
                disabled={save.isPending}
                onClick={() => save.mutate({ assistant, credits: null })}
              >
                {t.remove}
              </Button>
            )}
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
