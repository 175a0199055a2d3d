import type { Conversation, ConversationRow, Me, Message } from '@/api/types';

export const me: Me = {
  member: { id: 'me', name: 'Ana Ruiz', email: 'ana@example.com', role: 'owner' },
  api_key: null,
  workspace: { id: 'w', name: 'Harbour', time_zone: 'UTC', credit_usd: '0.01', test_chat_percent: 0 },
  permissions: ['conversations:read', 'conversations:write', 'assistants:read'],
  demo: false,
  version: 'test',
};

export const row = (id: string, more: Partial<ConversationRow> = {}): ConversationRow => ({
  id,
  source: 'widget',
  status: 'active',
  assistant: { id: 'a1', name: 'Mira', version: 3 },
  contact: { id: `contact-${id}`, name: `Contact ${id}`, phone: '', identifier: 'visitor' },
  last_message: { content: `Hello from ${id}`, role: 'user', created_at: '2026-03-08T10:30:15Z' },
  message_count: 4,
  owner: 'assistant',
  operator: null,
  waiting: false,
  handed_over: false,
  has_error: false,
  has_attachment: false,
  resolved: null,
  usage: { input_tokens: 10, output_tokens: 5 },
  cost: { credits: '0.25', complete: true },
  started_at: '2026-03-08T10:30:00Z',
  last_activity_at: '2026-03-08T10:30:15Z',
  ended_at: null,
  duration_seconds: 15,
  window: null,
  rev: 1,
  ...more,
});

export const conversation = (id: string, more: Partial<Conversation> = {}): Conversation => ({
  ...row(id),
  assistant_version: 3,
  first_reply_seconds: 2,
  variables: [],
  usage_rows: [],
  evaluation: null,
  can: { write: false, takeover: true, release: false, end: true, evaluate: false, delete: true },
  ...more,
});

export const message = (seq: number, more: Partial<Message> = {}): Message => ({
  id: `m${seq}`,
  seq,
  rev: seq,
  role: 'user',
  type: 'text',
  author: null,
  content: `text ${seq}`,
  html: '',
  attachments: [],
  tool_calls: [],
  choices: [],
  reply_to: null,
  delivery: null,
  error: null,
  turn_id: null,
  created_at: `2026-03-08T10:30:${String(seq).padStart(2, '0')}Z`,
  edited_at: null,
  deleted_at: null,
  ...more,
});
