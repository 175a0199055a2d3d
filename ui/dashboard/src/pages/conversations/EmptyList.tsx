import { Button } from '@mantine/core';
import { IconFilterOff, IconMessages } from '@tabler/icons-react';
import { Link } from 'react-router';
import { EmptyState } from '@/parts/EmptyState';
import { text } from '@/text/en';

const t = text.conversations;

/** Why the list is empty, and what to do about it. */
export function EmptyList({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered) {
    return (
      <EmptyState
        icon={IconFilterOff}
        title={t.noMatch.title}
        actions={<Button onClick={onClear}>{t.noMatch.clear}</Button>}
      >
        {t.noMatch.body}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconMessages}
      title={t.empty.title}
      actions={
        <>
          <Button component={Link} to="/assistants">
            {t.empty.openAssistants}
          </Button>
          <Button component="a" href="/docs" target="_blank" variant="default">
            {t.empty.api}
          </Button>
        </>
      }
    >
      {t.empty.body}
    </EmptyState>
  );
}
