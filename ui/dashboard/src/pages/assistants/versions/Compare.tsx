import { ActionIcon, Button, Group, Select, Text, Tooltip } from '@mantine/core';
import { IconArrowLeft, IconArrowsExchange } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ComparedVersion, VersionComparison } from '@/api/types';
import { ErrorState } from '@/parts/ErrorState';
import { Notice } from '@/parts/Notice';
import { PageLoading } from '@/parts/PageLoading';
import { RelativeTime } from '@/parts/RelativeTime';
import { text } from '@/text/en';
import { changedFields } from '../draft';
import { useComparison, useProviders } from '../queries';
import { Section } from '../Section';
import { Author } from './Author';
import classes from './Compare.module.css';
import { KnowledgeChanges } from './KnowledgeChanges';
import { ListChanges } from './ListChanges';
import { SettingsTable, isText } from './SettingsTable';
import { Steps } from './Steps';
import { TextDiff } from './TextDiff';

const t = text.workshop.compare;

interface Props {
  assistantID: string;
  /** The versions to compare; the newest and the one before it where they are left out. */
  a: number | undefined;
  b: number | undefined;
  newest: number;
  /** Restores a version; absent where that is not allowed. */
  onRestore?: (version: number) => void;
  onChoose: (a: number, b: number) => void;
  onClose: () => void;
}

/** What differs between two versions, and who saved what in between. */
export function Compare({ assistantID, a, b, newest, onRestore, onChoose, onClose }: Props) {
  const comparison = useComparison(assistantID, a, b);
  const back = (
    <Button variant="subtle" leftSection={<IconArrowLeft size={16} />} onClick={onClose}>
      {t.back}
    </Button>
  );
  return (
    <Section title={t.title} actions={back}>
      {comparison.error ? (
        <ErrorState error={comparison.error} title={t.failed} onRetry={() => void comparison.refetch()} />
      ) : comparison.data ? (
        <>
          <Heads of={comparison.data} newest={newest} onRestore={onRestore} onChoose={onChoose} />
          <Differences of={comparison.data} assistantID={assistantID} />
        </>
      ) : (
        <PageLoading />
      )}
    </Section>
  );
}

interface HeadsProps extends Pick<Props, 'newest' | 'onRestore' | 'onChoose'> {
  of: VersionComparison;
}

function Heads({ of: { a, b }, newest, onRestore, onChoose }: HeadsProps) {
  return (
    <div className={classes.heads}>
      <Head
        label={t.a}
        side={a}
        newest={newest}
        onRestore={onRestore}
        onVersion={(version) => onChoose(version, b.version)}
      />
      <Tooltip label={t.swap}>
        <ActionIcon aria-label={t.swap} size="lg" onClick={() => onChoose(b.version, a.version)}>
          <IconArrowsExchange size={18} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Head
        label={t.b}
        side={b}
        newest={newest}
        onRestore={onRestore}
        onVersion={(version) => onChoose(a.version, version)}
      />
    </div>
  );
}

interface HeadProps extends Pick<Props, 'newest' | 'onRestore'> {
  label: string;
  side: ComparedVersion;
  onVersion: (version: number) => void;
}

function Head({ label, side, newest, onRestore, onVersion }: HeadProps) {
  const all = Array.from({ length: newest }, (_, i) => newest - i);
  return (
    <div className={classes.head}>
      <Select
        label={label}
        searchable={newest > 12}
        allowDeselect={false}
        value={String(side.version)}
        data={all.map((n) => ({ value: String(n), label: n === newest ? t.newest(n) : t.version(n) }))}
        onChange={(value) => value && onVersion(Number(value))}
      />
      <Group gap="xs" justify="space-between">
        <Text size="xs" c="dimmed">
          <RelativeTime at={side.created_at} /> <Author author={side.author} by={side.created_by} />
        </Text>
        {onRestore && side.version !== newest && (
          <Button variant="default" size="compact-sm" onClick={() => onRestore(side.version)}>
            {t.restore(side.version)}
          </Button>
        )}
      </Group>
    </div>
  );
}

function Differences({ of, assistantID }: { of: VersionComparison; assistantID: string }) {
  const providers = useProviders().data ?? [];
  const names = new Map(providers.map((p) => [p.id, p.name] as const));
  const { a, b } = of;
  const seen = changedFields(a.config, b.config);
  // The server also compares what is not shown.
  const hidden = of.changed.includes('tools') && !seen.includes('tools');
  const texts = seen.filter(isText);
  const lists = ['variables', 'tools', 'examples', 'knowledge'];
  const settings = seen.filter((field) => !isText(field) && !lists.includes(field));
  return (
    <div className={classes.differences} aria-live="polite">
      {of.changed.length === 0 && <Notice>{t.same}</Notice>}
      {texts.map((field) => (
        <Part key={field} title={text.assistants.configFields[field]}>
          <TextDiff before={a.config[field] ?? ''} after={b.config[field] ?? ''} />
        </Part>
      ))}
      {settings.length > 0 && (
        <Part title={t.settings}>
          <SettingsTable fields={settings} before={a.config} after={b.config} names={names} />
        </Part>
      )}
      {seen.includes('variables') && (
        <Part title={t.lists.variables}>
          <ListChanges
            before={a.config.variables ?? []}
            after={b.config.variables ?? []}
            nameOf={(v) => `${v.name} · ${text.assistants.variables.sources[v.source].label}`}
          />
        </Part>
      )}
      {seen.includes('tools') && (
        <Part title={t.lists.tools}>
          <ListChanges before={a.config.tools ?? []} after={b.config.tools ?? []} nameOf={(tool) => tool.name} />
        </Part>
      )}
      {hidden && <Notice>{t.hidden}</Notice>}
      {seen.includes('examples') && (
        <Part title={t.lists.examples}>
          <ListChanges before={a.config.examples ?? []} after={b.config.examples ?? []} nameOf={(x) => x.question} />
        </Part>
      )}
      {seen.includes('knowledge') && (
        <Part title={t.lists.knowledge}>
          <KnowledgeChanges assistantID={assistantID} before={a.documents} after={b.documents} />
        </Part>
      )}
      {of.steps.length > 1 && <Steps steps={of.steps} more={of.more} />}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className={classes.part}>{title}</h3>
      {children}
    </section>
  );
}
