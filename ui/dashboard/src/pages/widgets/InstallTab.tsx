import { Anchor, Group, Tabs, Text } from '@mantine/core';
import { Section } from '@/pages/assistants/Section';
import { CopyButton } from '@/parts/CopyButton';
import { text } from '@/text/en';
import { CheckInstall } from './CheckInstall';
import { hashes, identify, javascript, policy, snippet } from './samples';
import type { TabProps } from './tab';
import classes from './Widgets.module.css';

const t = text.widgets.install;

/** What to do to have the widget on a website, and whether that worked. */
export function InstallTab({ draft }: TabProps) {
  const { widget, readOnly } = draft;
  return (
    <>
      <Section title={t.snippet} note={t.snippetHelp}>
        <CodeBlock code={snippet(widget.script_url)} />
      </Section>
      {!readOnly && <CheckInstall widget={widget} />}
      <Section title={t.page} note={t.pageHelp}>
        <Group gap="xs">
          <Anchor href={widget.page_url} target="_blank" rel="noreferrer" size="sm">
            {widget.page_url}
          </Anchor>
          <CopyButton value={widget.page_url} />
        </Group>
      </Section>
      <Section title={t.js} note={t.jsHelp}>
        <CodeBlock code={javascript} />
      </Section>
      <Section title={t.csp} note={t.cspHelp}>
        <CodeBlock code={policy(widget.server_url)} />
      </Section>
      <Section title={t.identity} note={t.identityHelp}>
        <Tabs defaultValue={hashes[0].id}>
          <Tabs.List mb="sm">
            {hashes.map(({ id, name }) => (
              <Tabs.Tab key={id} value={id}>
                {name}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {hashes.map(({ id, code }) => (
            <Tabs.Panel key={id} value={id}>
              <CodeBlock code={code} />
            </Tabs.Panel>
          ))}
        </Tabs>
        <Text size="sm" c="dimmed">
          {t.identityThen}
        </Text>
        <CodeBlock code={identify} />
      </Section>
    </>
  );
}

function CodeBlock({ code }: { code: string }) {
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <pre className={classes.code} tabIndex={0} style={{ flex: 1 }}>
        <code>{code}</code>
      </pre>
      <CopyButton value={code} name={t.copied} />
    </Group>
  );
}
