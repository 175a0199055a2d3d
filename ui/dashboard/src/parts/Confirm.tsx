import { Button, Group, Modal, Text } from '@mantine/core';
import { type ReactNode, createContext, useCallback, useContext, useRef, useState } from 'react';
import { text } from '@/text/en';

interface Question {
  title: string;
  body: ReactNode;
  /** The verb on the button: "Delete conversation". */
  action: string;
  danger?: boolean;
}

type Ask = (question: Question) => Promise<boolean>;

const Context = createContext<Ask>(() => Promise.resolve(false));

/** Asks before something that cannot be undone: `if (await confirm({…})) …` */
export const useConfirm = (): Ask => useContext(Context);

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const [opened, setOpened] = useState(false);
  const answer = useRef<(yes: boolean) => void>(() => undefined);
  const ask = useCallback<Ask>((q) => {
    setQuestion(q);
    setOpened(true);
    return new Promise((resolve) => {
      answer.current = resolve;
    });
  }, []);
  const close = (yes: boolean) => {
    setOpened(false);
    answer.current(yes);
  };
  return (
    <Context value={ask}>
      {children}
      <Modal opened={opened} onClose={() => close(false)} title={question?.title}>
        <Text size="sm" component="div">
          {question?.body}
        </Text>
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={() => close(false)} data-autofocus>
            {text.common.cancel}
          </Button>
          <Button color={question?.danger ? 'red.8' : undefined} onClick={() => close(true)}>
            {question?.action}
          </Button>
        </Group>
      </Modal>
    </Context>
  );
}
