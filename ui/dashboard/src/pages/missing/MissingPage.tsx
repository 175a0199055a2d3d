import { Button } from '@mantine/core';
import { IconMapPinOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { EmptyState } from '@/parts/EmptyState';
import { text } from '@/text/en';

export default function MissingPage() {
  return (
    <EmptyState
      order={1}
      icon={IconMapPinOff}
      title={text.missing.title}
      actions={
        <Button component={Link} to="/conversations">
          {text.missing.back}
        </Button>
      }
    >
      {text.missing.body}
    </EmptyState>
  );
}
