import { Button } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { Can } from '@/auth/Can';
import { text } from '@/text/en';
import type { Choice } from './useChoice';

/** Begins to choose conversations, for those who may change them. */
export function SelectButton({ choice }: { choice: Choice }) {
  return (
    <Can permission="conversations:write">
      <Button
        variant={choice.on ? 'light' : 'default'}
        size="xs"
        leftSection={<IconListCheck size={15} stroke={1.8} />}
        title={text.bulk.selectHelp}
        aria-pressed={choice.on}
        onClick={choice.on ? choice.end : choice.begin}
      >
        {text.bulk.select}
      </Button>
    </Can>
  );
}
