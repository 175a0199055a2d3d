import { Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, data } from '@/api/client';
import type { AssistantVersion } from '@/api/types';
import { useMe } from '@/auth/useMe';
import { useConfirm } from '@/parts/Confirm';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { RelativeTime } from '@/parts/RelativeTime';
import { Tag } from '@/parts/Tag';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import { changedFields } from '../draft';
import items from '../Items.module.css';
import { useKeepAssistant, useMemberNames, useVersions } from '../queries';
import { Section } from '../Section';
import type { Draft } from '../useDraft';
import { Compare } from './Compare';

const t = text.assistants.versions;

/** Every saved state of the assistant, the newest first. */
export function VersionsTab({ draft }: { draft: Draft }) {
  const { base, readOnly, dirty } = draft;
  const versions = useVersions(base.id);
  const confirm = useConfirm();
  const keep = useKeepAssistant();
  const [search, setSearch] = useSearchParams();
  const [chosen, setChosen] = useState<AssistantVersion | null>(null);
  const restore = useMutation({
    mutationFn: (n: number) =>
      data(api.POST('/api/v1/assistants/{id}/versions/{n}/restore', { params: { path: { id: base.id, n } } })),
    onSuccess: (assistant, n) => {
      keep(assistant);
      draft.adopt(assistant);
      notifyDone(t.restored(n, assistant.version));
    },
  });
  const ask = async (n: number) => {
    const body = `${t.restoreBody(n, base.version + 1)}${dirty ? ` ${t.restoreDirty}` : ''}`;
    if (await confirm({ title: t.restoreTitle(n), body, action: t.restore })) restore.mutate(n);
  };

  if (versions.error) {
    return <ErrorState error={versions.error} title={t.loadFailed} onRetry={() => void versions.refetch()} />;
  }
  if (!versions.data) return <PageLoading />;
  const list = versions.data.pages.flatMap((page) => page.data);
  const newest = list[0];
  // A link may name the version to look at.
  const linked = list.find((v) => v.version === Number(search.get('version')));
  const compared = chosen ?? (linked === newest ? null : linked);
  const close = () => {
    setChosen(null);
    setSearch({}, { replace: true });
  };
  return (
    <Section title={t.title} note={t.help}>
      <ol className={items.list}>
        {list.map((version, i) => (
          <li key={version.version} className={items.item}>
            <div className={items.main}>
              <Group gap="xs">
                <Text size="sm" fw={580} className="tabular">
                  {t.column(version.version)}
                </Text>
                {i === 0 && <Tag tone="accent">{t.newest}</Tag>}
                <Text size="xs" c="dimmed">
                  <RelativeTime at={version.created_at} />
                  <Author id={version.created_by} />
                </Text>
              </Group>
              <Text size="xs" c="dimmed">
                {changeOf(version, list[i + 1])}
              </Text>
            </div>
            {i > 0 && newest && (
              <div className={items.side}>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  aria-label={t.compareLabel(version.version)}
                  onClick={() => setChosen(version)}
                >
                  {t.compare}
                </Button>
                {!readOnly && (
                  <Button
                    variant="default"
                    size="compact-sm"
                    aria-label={t.restoreLabel(version.version)}
                    loading={restore.isPending && restore.variables === version.version}
                    onClick={() => void ask(version.version)}
                  >
                    {t.restore}
                  </Button>
                )}
              </div>
            )}
          </li>
        ))}
      </ol>
      {versions.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={versions.isFetchingNextPage} onClick={() => void versions.fetchNextPage()}>
            {text.assistants.more}
          </Button>
        </Group>
      )}
      {compared && newest && <Compare before={compared} after={newest} onClose={close} assistantID={base.id} />}
    </Section>
  );
}

/** Who saved a version, as far as that may be known. */
function Author({ id }: { id: string }) {
  const me = useMe().data;
  const names = useMemberNames();
  const name = id === me?.member?.id ? t.you : names.get(id);
  return name ? <> · {name}</> : null;
}

// What a version changed; nothing is said while the one before it is not loaded.
function changeOf(version: AssistantVersion, before: AssistantVersion | undefined): string {
  if (version.version === 1) return t.first;
  if (!before) return '';
  const fields = changedFields(before.config, version.config);
  if (fields.length === 0) return t.unchanged;
  return t.changed(fields.map((field) => text.assistants.configFields[field]).join(', '));
}
