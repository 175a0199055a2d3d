import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { Widget } from '@/api/types';
import { useConfirm } from '@/parts/Confirm';
import { CopyButton } from '@/parts/CopyButton';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';
import { widgetKey } from './queries';

const t = text.widgets.security;

/** The secret for identity verification: made here, shown once. */
export function Secret({ widget, readOnly }: { widget: Widget; readOnly: boolean }) {
  const client = useQueryClient();
  const confirm = useConfirm();
  const make = useMutation({
    mutationFn: () => data(api.POST('/api/v1/widgets/{id}/secret', { params: { path: { id: widget.id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: widgetKey(widget.id), exact: true }),
  });
  const ask = async () => {
    const yes =
      !widget.has_secret ||
      (await confirm({
        title: t.secretReplaceTitle,
        body: t.secretReplaceBody,
        action: t.secretMake,
        danger: true,
      }));
    if (yes) make.mutate();
  };
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Text size="sm" c="dimmed" flex={1}>
          {widget.has_secret ? t.secretHas : t.secretNone}
        </Text>
        {!readOnly && (
          <Button variant="default" onClick={() => void ask()} loading={make.isPending}>
            {t.secretMake}
          </Button>
        )}
      </Group>
      {make.data && (
        <Notice tone="accent" title={t.secretOnce}>
          <Group gap="xs">
            <Code>{make.data.secret}</Code>
            <CopyButton value={make.data.secret} />
          </Group>
        </Notice>
      )}
    </Stack>
  );
}
