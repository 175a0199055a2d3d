import { Button, Center, Stack, Title } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { text } from '@/text/en';
import panel from '../Panel.module.css';
import { DropZone } from './DropZone';
import { Report } from './Report';
import { useImports } from './queries';

const t = text.imports;

/** Where conversations of other systems are brought, and what became of them. */
export default function ImportsPage() {
  const imports = useImports();
  const all = imports.data?.pages.flatMap((p) => p.data);
  return (
    <PageBody>
      <PageHeader title={t.title} note={t.subtitle} />
      <Stack gap="lg">
        <DropZone />
        {imports.error && !all ? (
          <ErrorState error={imports.error} title={t.loadFailed} onRetry={() => void imports.refetch()} />
        ) : !all ? (
          <PageLoading />
        ) : all.length === 0 ? (
          <EmptyState icon={IconFileImport} title={t.emptyTitle}>
            {t.emptyBody}
          </EmptyState>
        ) : (
          <section className={panel.panel}>
            <div className={panel.padded}>
              <Title order={2} size="h5">
                {t.past}
              </Title>
            </div>
            {all.map((m) => (
              <Report key={m.id} of={m} />
            ))}
          </section>
        )}
        {imports.hasNextPage && (
          <Center>
            <Button variant="default" loading={imports.isFetchingNextPage} onClick={() => void imports.fetchNextPage()}>
              {t.more}
            </Button>
          </Center>
        )}
      </Stack>
    </PageBody>
  );
}
