import type { ConversationRow } from '@/api/types';
import { text } from '@/text/en';

// An id that Parley gave says nothing to a person; its end tells two apart.
const shortId = (s: string): string => (isId(s) ? `${text.conversations.speakers.user} ${s.slice(-6)}` : s);
const isId = (s: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(s);

/** What to call the contact: on WhatsApp the phone number, else name or identifier. */
export function contactName({ contact, source }: Pick<ConversationRow, 'contact' | 'source'>): string {
  const { name, phone, identifier } = contact;
  const first = source === 'whatsapp' ? phone || name : name || phone;
  // In Test Chat the identifier is a member's id, which says nothing to a person.
  if (!first && source === 'test') return text.conversations.list.tester;
  return first || shortId(identifier) || text.conversations.list.unknownContact;
}

/** The second line of a contact: what the first one did not say. */
export function contactNote(row: Pick<ConversationRow, 'contact' | 'source'>): string {
  if (row.source === 'test') return '';
  const first = contactName(row);
  return [row.contact.name, row.contact.phone, row.contact.identifier].find((s) => s && s !== first && !isId(s)) ?? '';
}

/** Who wrote the last message, for the preview: "You", a name, or nothing for the contact. */
export function speakerName(row: ConversationRow): string {
  switch (row.last_message?.role) {
    case 'assistant':
      return row.assistant.name;
    case 'operator':
      return row.operator?.name || text.conversations.speakers.operator;
    case 'user':
      return row.contact.name.split(' ')[0] || text.conversations.speakers.user;
    default:
      return '';
  }
}
