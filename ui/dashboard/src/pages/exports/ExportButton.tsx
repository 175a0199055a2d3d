import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { Can } from '@/auth/Can';
import { type Filters, countFilters } from '@/pages/conversations/filters';
import { text } from '@/text/en';
import { ExportDialog } from './ExportDialog';
import { toFilter } from './request';

/** Exports what the list shows, for those who may. */
export function ExportButton({ filters }: { filters: Filters }) {
  const [open, setOpen] = useState(false);
  return (
    <Can permission="conversations:export">
      <Button
        variant="default"
        size="xs"
        leftSection={<IconDownload size={15} stroke={1.8} />}
        title={text.exports.openHelp}
        onClick={() => setOpen(true)}
      >
        {text.exports.open}
      </Button>
      {open && (
        <ExportDialog
          filter={toFilter(filters, new Date())}
          filters={countFilters(filters)}
          onClose={() => setOpen(false)}
        />
      )}
    </Can>
  );
}
