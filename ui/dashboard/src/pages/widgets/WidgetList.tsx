import { Button, Group, Text, ThemeIcon } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAppWindow, IconExternalLink, IconPlus } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Widget } from '@/api/types';
import { useCan, useMe } from '@/auth/useMe';
import { EmptyState } from '@/parts/EmptyState';
import { ErrorState } from '@/parts/ErrorState';
import { PageBody } from '@/parts/PageBody';
import { PageHeader } from '@/parts/PageHeader';
import { PageLoading } from '@/parts/PageLoading';
import { RelativeTime } from '@/parts/RelativeTime';
import { text } from '@/text/en';
import panel from '../settings/Panel.module.css';
import { NewWidget } from './NewWidget';
import { useWidgets } from './queries';
import classes from './Widgets.module.css';

const t = text.widgets;

export function WidgetList() {
  const widgets = useWidgets();
  const mayWrite = useCan('settings:write');
  const demo = useMe().data?.demo;
  const [making, make] = useDisclosure(false);
  const list = widgets.data;
  const add = mayWrite && (
    <Button leftSection={<IconPlus size={16} />} onClick={make.open}>
      {t.create}
    </Button>
  );
  const actions = (
    <>
      {demo && (
        <Button
          component="a"
          href="/demo"
          target="_blank"
          variant="default"
          leftSection={<IconExternalLink size={16} />}
        >
          {t.openDemo}
        </Button>
      )}
      {list && list.length > 0 && add}
    </>
  );
  return (
    <PageBody>
      <PageHeader title={t.title} note={t.subtitle} actions={actions} />
      {widgets.error ? (
        <ErrorState error={widgets.error} onRetry={() => void widgets.refetch()} />
      ) : !list ? (
        <PageLoading />
      ) : list.length === 0 ? (
        <EmptyState icon={IconAppWindow} title={t.none} actions={add}>
          {mayWrite ? t.noneBody : t.noneViewer}
        </EmptyState>
      ) : (
        <div className={panel.panel}>
          {list.map((widget) => (
            <Row key={widget.id} widget={widget} />
          ))}
        </div>
      )}
      {mayWrite && <NewWidget opened={making} onClose={make.close} />}
    </PageBody>
  );
}

function Row({ widget }: { widget: Widget }) {
  const { origins } = widget.settings;
  return (
    <div className={`${panel.row} ${classes.row}`}>
      <ThemeIcon variant="light" size={38} radius="md">
        <IconAppWindow size={20} stroke={1.6} />
      </ThemeIcon>
      <div className={panel.main}>
        <Link to={`/widgets/${widget.id}`} className={classes.link}>
          {widget.name}
        </Link>
        <Text size="sm" c="dimmed" truncate>
          {widget.assistant?.name ?? t.assistantGone}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {origins.length > 0 ? origins.join(', ') : t.everySite}
        </Text>
      </div>
      <Group gap="xs">
        <Text size="sm" c="dimmed" component="span">
          <RelativeTime at={widget.updated_at} />
        </Text>
      </Group>
    </div>
  );
}
