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

/** Who wrote a message, by name where the row knows it. */
export function speakerName(row: ConversationRow, role: keyof typeof text.conversations.speakers): string {
  switch (role) {
    case 'assistant':
      return row.assistant.name;
    case 'operator':
      return row.operator?.name || text.conversations.speakers.operator;
    case 'user':
      return row.contact.name.split(' ')[0] || text.conversations.speakers.user;
    default:
      return text.conversations.speakers[role];
  }
}
