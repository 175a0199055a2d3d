import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/api/client';
import type { Widget } from '@/api/types';
import { Section } from '@/pages/assistants/Section';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';

const t = text.widgets.install;

/** Asks the server to look at a page for the snippet. */
export function CheckInstall({ widget }: { widget: Widget }) {
  const [url, setURL] = useState('');
  const check = useMutation({
    mutationFn: () =>
      data(api.POST('/api/v1/widgets/{id}/check', { params: { path: { id: widget.id } }, body: { url: url.trim() } })),
    meta: { quiet: true },
  });
  return (
    <Section title={t.check} note={t.checkHelp}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (url.trim()) check.mutate();
        }}
      >
        <Stack gap="sm">
          <Group gap="xs" align="flex-end">
            <TextInput
              label={t.checkURL}
              type="url"
              placeholder="https://"
              value={url}
              onChange={(event) => setURL(event.currentTarget.value)}
              flex={1}
            />
            <Button type="submit" variant="default" loading={check.isPending} disabled={!url.trim()}>
              {t.checkAction}
            </Button>
          </Group>
          <div role="status">
            {check.error && <Notice tone="danger">{check.error.message}</Notice>}
            {check.data && (
              <Notice tone={check.data.installed ? 'good' : 'warn'} title={check.data.message}>
                {check.data.hint}
              </Notice>
            )}
          </div>
        </Stack>
      </form>
    </Section>
  );
}
