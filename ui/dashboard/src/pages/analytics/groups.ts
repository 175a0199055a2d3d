import type { AnalyticsGroup, Source } from '@/api/types';
import { text } from '@/text/en';
import type { Dimension } from './queries';

const t = text.analytics.breakdown;

/** What a group is called. */
export function groupName(g: AnalyticsGroup, by: Dimension): string {
  switch (by) {
    case 'source':
      return text.sources[g.source as Source] ?? text.common.unknown;
    case 'assistant':
      return g.assistant?.name || text.common.unknown;
    case 'version':
      return t.version(g.assistant?.name || text.common.unknown, g.version ?? 0);
    case 'outcome':
      return t.outcomes[g.outcome as keyof typeof t.outcomes] ?? text.common.unknown;
    case 'handed_over':
      return g.handed_over === 'true' ? t.handover : text.common.none;
    case 'status':
      return text.conversations.status[g.status as 'active' | 'ended'] ?? text.common.unknown;
  }
}
