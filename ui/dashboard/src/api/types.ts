// The nouns of the API as the dashboard uses them.

export type Source = 'test' | 'widget' | 'whatsapp' | 'api';
export type Role = 'owner' | 'admin' | 'editor' | 'operator' | 'viewer';
export type Permission =
  | 'conversations:read'
  | 'conversations:write'
  | 'assistants:read'
  | 'assistants:write'
  | 'settings:read'
  | 'settings:write'
  | 'members:manage';

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
  partial?: boolean;
}

export interface Me {
  member: { id: string; name: string; email: string; role: Role };
  workspace: { id: string; name: string; time_zone: string };
  permissions: Permission[];
  version: string;
}

export type MessageRole = 'user' | 'assistant' | 'operator' | 'system' | 'tool';
export type Delivery =
  | ''
  | 'queued'
  | 'sending'
  | 'unknown'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'played'
  | 'failed'
  | 'canceled';

export interface Snippet {
  message_id: string;
  seq: number;
  role: MessageRole;
  html: string;
}

export interface ConversationRow {
  id: string;
  source: Source;
  status: 'active' | 'ended';
  assistant: { id: string; name: string; version: number };
  contact: { id: string; name: string; phone: string; identifier: string };
  last_message: { content: string; role: MessageRole; created_at: string } | null;
  message_count: number;
  owner: 'assistant' | 'operator';
  operator: { id: string; name: string } | null;
  waiting: boolean;
  usage: { input_tokens: number; output_tokens: number };
  cost: { credits: string | null; complete: boolean };
  started_at: string;
  last_activity_at: string;
  ended_at: string | null;
  duration_seconds: number;
  window: { open: boolean; expires_at: string } | null;
  snippets?: Snippet[] | null;
  handed_over?: boolean;
  has_error?: boolean;
  has_attachment?: boolean;
  resolved?: boolean | null;
  rev?: number;
}

export type VariableSource = 'pre_chat' | 'extracted' | 'post_conversation';

export interface Variable {
  name: string;
  type: 'text' | 'number' | 'boolean' | 'date' | 'enum';
  source: VariableSource;
  value: string | number | boolean;
  message_id: string | null;
  model: string | null;
  assistant_version: number;
  set_at: string;
}

export interface Evaluation {
  resolved: boolean;
  summary: string;
  topic: string;
  sentiment: 'positive' | 'neutral' | 'negative';
  model: string;
  error: string | null;
  evaluated_at: string;
}

export interface UsageRow {
  id: string;
  turn_id: string | null;
  kind: 'reply' | 'evaluation' | 'vision';
  provider: string;
  model: string;
  complete: boolean;
  input_tokens: number | null;
  output_tokens: number | null;
  cached_tokens: number | null;
  credits: string | null;
  error: string | null;
  started_at: string;
}

export interface Conversation extends ConversationRow {
  variables: Variable[];
  usage_rows: UsageRow[];
  evaluation: Evaluation | null;
  first_reply_seconds: number | null;
  end_reason: 'inactivity' | 'assistant' | 'operator' | 'contact' | null;
  assistant_version: number;
  can: { write: boolean; takeover: boolean; release: boolean; end: boolean; evaluate: boolean };
}

export interface Attachment {
  id: string;
  name: string;
  mime_type: string;
  size: number;
  reading?: string;
}

export interface ToolCall {
  id: string;
  name: string;
  arguments: unknown;
  result?: string;
  error?: string;
  millis?: number;
}

export interface Message {
  id: string;
  seq: number;
  role: MessageRole;
  type: string;
  author: { id: string; name: string } | null;
  content: string;
  html: string;
  attachments: Attachment[] | null;
  tool_calls: ToolCall[] | null;
  choices: string[] | null;
  reply_to: string | null;
  delivery: Delivery | null;
  error: { code: string; message: string } | null;
  created_at: string;
  edited_at: string | null;
  deleted_at: string | null;
  turn_id: string | null;
}

export interface Passage {
  document_id: string;
  title: string;
  heading?: string;
  text: string;
  score: number;
  coverage: number;
}

export interface Step {
  provider: string;
  model: string;
  attempt: number;
  fallback?: boolean;
  first_token_millis?: number;
  millis: number;
  input_tokens: number | null;
  output_tokens: number | null;
  credits: string | null;
  finish_reason?: string;
  error?: string;
  tool_calls?: ToolCall[];
}

export interface Turn {
  id: string;
  status: 'running' | 'done' | 'failed' | 'canceled';
  assistant_version: number;
  trace: { assistant_version: number; passages?: Passage[]; steps?: Step[]; note?: string };
  error: { code: string; message: string } | null;
  started_at: string;
  first_token_at: string | null;
  ended_at: string | null;
  usage: UsageRow[];
}

export interface Tiles {
  conversations: number;
  last_7_days: number;
  assistant_messages: number;
  average_duration_seconds: number;
}
