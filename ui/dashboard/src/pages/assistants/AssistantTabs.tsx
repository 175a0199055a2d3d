import { Tabs } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Notice } from '@/parts/Notice';
import { text } from '@/text/en';
import classes from './AssistantTabs.module.css';
import { BehaviourTab } from './behaviour/BehaviourTab';
import { areaOf } from './check';
import { ExamplesTab } from './examples/ExamplesTab';
import { KnowledgeTab } from './knowledge/KnowledgeTab';
import { ModelTab } from './model/ModelTab';
import { PromptTab } from './prompt/PromptTab';
import { ToolsTab } from './tools/ToolsTab';
import type { Draft } from './useDraft';
import { VariablesTab } from './variables/VariablesTab';
import { VersionsTab } from './versions/VersionsTab';

const t = text.assistants;

export type TabID = keyof typeof t.tabs;

export const isTab = (value: string): value is TabID => value in t.tabs;

interface Props {
  draft: Draft;
  tab: TabID;
  onTab: (tab: TabID) => void;
  /** The Test Chat, where it is a tab of its own. */
  chat?: ReactNode;
}

const parts: Record<Exclude<TabID, 'chat'>, (props: { draft: Draft; onTab: (tab: TabID) => void }) => ReactNode> = {
  prompt: PromptTab,
  model: ModelTab,
  knowledge: KnowledgeTab,
  examples: ExamplesTab,
  variables: VariablesTab,
  tools: ToolsTab,
  behaviour: BehaviourTab,
  versions: VersionsTab,
};

/** The parts of an assistant, one at a time. */
export function AssistantTabs({ draft, tab, onTab, chat }: Props) {
  const all = Object.keys(t.tabs) as TabID[];
  const shown = chat ? all : all.filter((id) => id !== 'chat');
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [tab]);
  const troubled = new Set<TabID>(Object.keys(draft.problems).map(areaOf));
  const counts: Partial<Record<TabID, number>> = {
    knowledge: draft.config.knowledge?.length,
    examples: draft.config.examples?.length,
    variables: draft.config.variables?.length,
    tools: draft.config.tools?.length,
  };
  return (
    <Tabs
      value={tab}
      onChange={(value) => value && isTab(value) && onTab(value)}
      keepMounted={false}
      className={classes.tabs}
    >
      <Tabs.List ref={list} className={classes.list} aria-label={t.tabsLabel}>
        {shown.map((id) => (
          <Tabs.Tab key={id} value={id} className={classes.tab}>
            {t.tabs[id]}
            {counts[id] ? <span className={classes.count}>{counts[id]}</span> : null}
            {troubled.has(id) && (
              <>
                <span className={classes.trouble} />
                <span className="sr-only">{t.tabProblem}</span>
              </>
            )}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {shown.map((id) => {
        if (id === 'chat') {
          return (
            <Tabs.Panel key={id} value={id} className={classes.chat}>
              {chat}
            </Tabs.Panel>
          );
        }
        const Part = parts[id];
        return (
          <Tabs.Panel key={id} value={id} className={classes.panel}>
            <div className={classes.body}>
              {draft.readOnly && (
                <Notice icon={<IconEye size={18} />} tone="quiet">
                  {t.readOnly}
                </Notice>
              )}
              <Part draft={draft} onTab={onTab} />
            </div>
          </Tabs.Panel>
        );
      })}
    </Tabs>
  );
}
