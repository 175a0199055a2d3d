import { Button, Group, Text } from '@mantine/core';
import { IconArrowsDiff } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { api, data } from '@/api/client';
import type { AssistantVersion } from '@/api/types';
import { useConfirm } from '@/parts/Confirm';
import { ErrorState } from '@/parts/ErrorState';
import { PageLoading } from '@/parts/PageLoading';
import { RelativeTime } from '@/parts/RelativeTime';
import { Tag } from '@/parts/Tag';
import { notifyDone } from '@/parts/notify';
import { text } from '@/text/en';
import { changedFields } from '../draft';
import items from '../Items.module.css';
import { useKeepAssistant, useVersions } from '../queries';
import { Section } from '../Section';
import type { Draft } from '../useDraft';
import { Author } from './Author';
import { Compare } from './Compare';
import { changedText } from './Steps';

const t = text.assistants.versions;
const w = text.workshop.compare;

/** Every saved state of the assistant, the newest first. */
export function VersionsTab({ draft }: { draft: Draft }) {
  const { base, readOnly, dirty } = draft;
  const versions = useVersions(base.id);
  const confirm = useConfirm();
  const keep = useKeepAssistant();
  const [search, setSearch] = useSearchParams();
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

  const compared = comparedIn(search, base.version);
  if (compared) {
    return (
      <Compare
        assistantID={base.id}
        a={compared.a}
        b={compared.b}
        newest={base.version}
        onRestore={readOnly ? undefined : (n) => void ask(n)}
        onChoose={(a, b) => setSearch({ a: String(a), b: String(b) }, { replace: true })}
        onClose={() => setSearch({})}
      />
    );
  }
  if (versions.error) {
    return <ErrorState error={versions.error} title={t.loadFailed} onRetry={() => void versions.refetch()} />;
  }
  if (!versions.data) return <PageLoading />;
  const list = versions.data.pages.flatMap((page) => page.data);
  return (
    <Section
      title={t.title}
      note={t.help}
      actions={
        list.length > 1 && (
          <Button
            component={Link}
            variant="default"
            leftSection={<IconArrowsDiff size={16} />}
            to={{ search: `?a=${base.version - 1}&b=${base.version}` }}
          >
            {w.last}
          </Button>
        )
      }
    >
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
                  <RelativeTime at={version.created_at} /> <Author author={version.author} by={version.created_by} />
                </Text>
              </Group>
              <Text size="xs" c="dimmed">
                {changeOf(version, list[i + 1])}
              </Text>
            </div>
            {i > 0 && (
              <div className={items.side}>
                <Button
                  component={Link}
                  variant="subtle"
                  size="compact-sm"
                  aria-label={t.compareLabel(version.version)}
                  to={{ search: `?a=${version.version}&b=${base.version}` }}
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
    </Section>
  );
}

/** The versions that a link asks to compare: two of them, or one with the newest. */
function comparedIn(search: URLSearchParams, newest: number): { a?: number; b?: number } | null {
  const number = (name: string) => {
    const n = Number(search.get(name));
    return Number.isInteger(n) && n >= 1 && n <= newest ? n : undefined;
  };
  const one = number('version');
  if (one !== undefined && one < newest) return { a: one, b: newest };
  const a = number('a');
  const b = number('b');
  return a === undefined && b === undefined ? null : { a, b };
}

// What a version changed; nothing is said while the one before it is not loaded.
function changeOf(version: AssistantVersion, before: AssistantVersion | undefined): string {
  if (version.version === 1) return t.first;
  if (!before) return '';
  return changedText(changedFields(before.config, version.config));
}
