import type { Draft, Problems } from './draft';

/** What each part of the editor is given. */
export interface PartProps {
  draft: Draft;
  problems: Problems;
  /** Changes the draft; what was wrong with the named fields is forgotten. */
  change: (changes: Partial<Draft>, ...fields: string[]) => void;
}
