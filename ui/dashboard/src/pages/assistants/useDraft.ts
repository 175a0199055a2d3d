import { useCallback, useMemo, useState } from 'react';
import type { Assistant, AssistantConfig } from '@/api/types';
import { type Problems, checkConfig } from './check';
import { changedFields } from './draft';

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
  /** Takes over a saved change of the documents and keeps the edits. */
  rebase: (assistant: Assistant) => void;
  /** Shows what the server objects to, until the next edit. */
  refuse: (problems: Problems) => void;
}

// Documents are saved at once, so they are never part of the edits.
const edited = (base: AssistantConfig, config: AssistantConfig) =>
  changedFields(base, config).filter((field) => field !== 'knowledge');

/** Edits an assistant. When nothing was edited, a newer version simply takes its place. */
export function useDraft(assistant: Assistant, readOnly: boolean): Draft {
  const [base, setBase] = useState(assistant);
  const [config, setConfig] = useState(assistant.config);
  const [refused, setRefused] = useState<Problems>({});
  const dirty = useMemo(() => edited(base.config, config).length > 0, [base, config]);

  const adopt = useCallback((next: Assistant) => {
    setBase(next);
    setConfig(next.config);
    setRefused({});
  }, []);
  const rebase = useCallback((next: Assistant) => {
    setBase((old) => (edited(old.config, next.config).length === 0 ? next : old));
    setConfig((old) => ({ ...old, knowledge: next.config.knowledge }));
  }, []);
  const patch = useCallback((changes: Partial<AssistantConfig>) => {
    setConfig((old) => ({ ...old, ...changes }));
    setRefused({});
  }, []);
  if (assistant.version > base.version && !dirty) adopt(assistant);

  const problems = useMemo(() => ({ ...refused, ...checkConfig(config) }), [config, refused]);
  return { base, config, dirty, problems, readOnly, patch, adopt, rebase, refuse: setRefused };
}
