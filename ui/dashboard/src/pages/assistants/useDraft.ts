import { useCallback, useMemo, useState } from 'react';
import type { Assistant, AssistantConfig } from '@/api/types';
import { type Problems, checkConfig } from './check';
import { changedFields, mergeExamples } from './draft';

/** A configuration that is being edited. */
export interface Draft {
  /** What the edits began with. */
  base: Assistant;
  config: AssistantConfig;
  dirty: boolean;
  problems: Problems;
  readOnly: boolean;
  patch: (changes: Partial<AssistantConfig>) => void;
  /** Takes a saved assistant as it is and drops the edits. */
  adopt: (assistant: Assistant) => void;
  /** Takes over a saved change of the documents or an answer that became an example, and keeps the edits. */
  rebase: (assistant: Assistant) => void;
  /** Shows what the server objects to, until the next edit. */
  refuse: (problems: Problems) => void;
}

// Documents are saved at once, so they are never part of the edits.
const edited = (base: AssistantConfig, config: AssistantConfig) =>
  changedFields(base, config).filter((field) => field !== 'knowledge');

/** Edits an assistant. When nothing was edited, a newer version simply takes its place. */
export function useDraft(assistant: Assistant, readOnly: boolean): Draft {
  const [{ base, config }, setState] = useState({ base: assistant, config: assistant.config });
  const [refused, setRefused] = useState<Problems>({});
  const dirty = useMemo(() => edited(base.config, config).length > 0, [base, config]);

  const adopt = useCallback((next: Assistant) => {
    setState({ base: next, config: next.config });
    setRefused({});
  }, []);
  const rebase = useCallback((next: Assistant) => {
    setState(({ base, config }) => {
      const others = edited(base.config, next.config).filter((field) => field !== 'examples');
      const examples = mergeExamples(base.config.examples, config.examples, next.config.examples);
      return {
        base: others.length === 0 ? next : base,
        config: { ...config, knowledge: next.config.knowledge, examples },
      };
    });
  }, []);
  const patch = useCallback((changes: Partial<AssistantConfig>) => {
    setState(({ base, config }) => ({ base, config: { ...config, ...changes } }));
    setRefused({});
  }, []);
  if (assistant.version > base.version && !dirty) adopt(assistant);

  const problems = useMemo(() => ({ ...refused, ...checkConfig(config) }), [config, refused]);
  return { base, config, dirty, problems, readOnly, patch, adopt, rebase, refuse: setRefused };
}
