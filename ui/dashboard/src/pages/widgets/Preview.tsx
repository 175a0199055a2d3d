import { Group, SegmentedControl, Select, Text, Title } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type CSSProperties, useEffect, useRef, useState } from 'react';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';
import { type TabProps, languageName, languagesOf } from './tab';
import { usePreview } from './usePreview';
import classes from './Widgets.module.css';

const t = text.widgets.preview;

/** Pixels a screen has at least, to be one on which the panel is not the whole screen, and half of it can be written in. */
const desktop = { standard: 560, large: 1000 };

/** The real widget in a frame, with the settings as they are being edited. */
export function Preview({ draft, language, onLanguage }: TabProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [size, setSize] = useState<'desktop' | 'phone'>('desktop');
  const [ready, setReady] = useState(false);
  const [open, setOpen] = useState(true);
  const { ref: room, width } = useElementSize();
  const shown = usePreview(draft, language);
  const { data, error } = shown;

  // A desktop is wider than the column: it is shown smaller.
  const scale = size === 'phone' || !width ? 1 : Math.min(1, width / desktop[draft.settings.size]);

  useEffect(() => {
    const listen = (event: MessageEvent<{ parley?: string } | null>) => {
      const ours = event.origin === window.location.origin && event.source === frame.current?.contentWindow;
      if (ours && event.data?.parley === 'ready') setReady(true);
    };
    window.addEventListener('message', listen);
    return () => window.removeEventListener('message', listen);
  }, []);

  useEffect(() => {
    if (!ready || !data) return;
    const message = { parley: 'preview', token: data.token, config: data.config, open };
    frame.current?.contentWindow?.postMessage(message, window.location.origin);
  }, [ready, data, open]);

  return (
    <section className={classes.preview} aria-label={t.title}>
      <Group justify="space-between" align="flex-end" gap="sm">
        <div>
          <Title order={2}>{t.title}</Title>
          <Text size="sm" c="dimmed">
            {t.note}
          </Text>
        </div>
        <Group gap="xs">
          <Select
            aria-label={t.language}
            w={150}
            data={languagesOf(draft).map((tag) => ({ value: tag, label: languageName(tag) }))}
            value={language}
            onChange={(tag) => tag && onLanguage(tag)}
            allowDeselect={false}
          />
          <SegmentedControl
            aria-label={t.panel}
            value={open ? 'open' : 'closed'}
            onChange={(value) => setOpen(value === 'open')}
            data={[
              { value: 'open', label: t.open },
              { value: 'closed', label: t.closed },
            ]}
          />
          <SegmentedControl
            aria-label={t.size}
            value={size}
            onChange={(value) => setSize(value as 'desktop' | 'phone')}
            data={[
              { value: 'desktop', label: t.desktop },
              { value: 'phone', label: t.phone },
            ]}
          />
        </Group>
      </Group>
      {error && (
        <Notice tone="warn" title={t.failed}>
          {error.message}
        </Notice>
      )}
      {data && data.warnings.length > 0 && (
        <Notice tone="warn" title={text.widgets.warnings}>
          {data.warnings.map((w) => (
            <div key={w.path + w.message}>
              {text.widgets.warningOf[w.path] ?? w.path} {w.message}.
            </div>
          ))}
        </Notice>
      )}
      {!ready && (
        <Text size="sm" c="dimmed">
          {t.waiting}
        </Text>
      )}
      <div ref={room} className={classes.screen} data-size={size}>
        <iframe
          ref={frame}
          className={classes.frame}
          style={{ '--scale': scale } as CSSProperties}
          title={t.title}
          src={`/c/${draft.widget.id}?preview=1`}
        />
      </div>
    </section>
  );
}
