import type { Message } from '@/api/types';
import { text } from '@/text/en';

/** What stands for a message where it is quoted: its words, or the name of its file. */
export const excerptOf = (m: Message): string =>
  m.deleted_at ? text.conversations.message.deleted : m.content || (m.attachments[0]?.name ?? '');

/** Whether a message can be replied to: it was said, is still there, and did reach the other side. */
export const quotable = (m: Message): boolean =>
  !m.deleted_at && m.type !== 'reaction' && m.delivery !== 'failed' && m.delivery !== 'canceled';

/** Whether a message can become an example: it is an answer, in words. */
export const exemplary = (m: Message): boolean =>
  (m.role === 'assistant' || m.role === 'operator') && !m.deleted_at && m.content.trim() !== '' && quotable(m);
