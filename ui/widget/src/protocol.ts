// The types of the visitors' protocol, as docs/widget.md describes them.
import type { Keep } from './keep';

export type Colors = { accent: string; on_accent: string; background: string; text: string };

export type Launcher = {
  position:
    | 'top_left'
    | 'top_center'
    | 'top_right'
    | 'middle_left'
    | 'middle_right'
    | 'bottom_left'
    | 'bottom_center'
    | 'bottom_right';
  theme: 'auto' | 'light' | 'dark';
  light: Colors;
  dark: Colors;
  text: string;
  icon: string;
  avatar: string;
  auto_open: { enabled: boolean; after_seconds: number };
};

/** What the server puts before the loader. */
export type LoaderConfig = {
  widget: string;
  mode: 'site' | 'page' | 'preview';
  api: string;
  chat: string;
  language: string;
  rtl: boolean;
  launcher: Launcher;
  open_label: string;
  close_label: string;
};

export type FieldType = 'text' | 'long_text' | 'email' | 'phone' | 'number' | 'dropdown' | 'checkbox';

export type Field = {
  name: string;
  type: FieldType;
  label: string;
  required: boolean;
  placeholder: string;
  options: { value: string; label: string }[];
  min: number | null;
  max: number | null;
  max_length: number;
  pattern: string;
  pattern_hint: string;
  consent: string;
};

export type Form = { title: string; button: string; fields: Field[] };

export type Config = {
  id: string;
  mode: 'chat';
  language: string;
  locale: string;
  languages: string[];
  rtl: boolean;
  assistant: { name: string; avatar: string };
  launcher: Launcher;
  size: 'standard' | 'large';
  greeting: string;
  suggested: string[];
  show_tool_calls: boolean;
  rating: boolean;
  attachments: { enabled: boolean; accept: string[]; max_bytes: number; max_per_message: number };
  limits: { message_chars: number };
  hours: { closed: boolean; assistant_answers: boolean; opens_at: string | null; message: string };
  identity: 'off' | 'optional' | 'required';
  form: Form | null;
  texts: Record<string, string>;
};

export type Session = {
  token: string;
  expires_at: string;
  refresh_at: string;
  verified: boolean;
  user: { id: string; name: string; email: string } | null;
  conversation: Conversation | null;
};

export type Value = string | number | boolean;

export type Identity = { user_id?: string; hash?: string; name?: string; email?: string; jwt?: string };

export type Conversation = {
  id: string;
  status: 'active' | 'ended';
  end_reason: '' | 'inactivity' | 'assistant' | 'operator' | 'contact';
  owner: 'assistant' | 'operator';
  operator: { name: string } | null;
  waiting: boolean;
  started_at: string;
  last_activity_at: string;
  ended_at: string | null;
  last_message: { role: Role; content: string; created_at: string } | null;
  read_seq: number;
  unread: number;
  rating: { score: number; comment: string } | null;
  rev: number;
};

export type Role = 'user' | 'assistant' | 'operator' | 'system' | 'tool';

export type Attachment = { id: string; name: string; mime_type: string; size: number; image: boolean };

export type Message = {
  id: string;
  seq: number;
  rev: number;
  role: Role;
  html: string;
  content: string;
  event: '' | 'takeover' | 'release' | 'waiting' | 'ended' | 'reopened';
  author: { name: string } | null;
  tools: string[];
  attachments: Attachment[];
  choices: string[];
  reply_to: string | null;
  client_id: string | null;
  turn_id: string | null;
  created_at: string;
  edited_at: string | null;
  deleted_at: string | null;
};

export type TurnEvent = { turn_id: string; status: string; tool?: string };
export type DeltaEvent = { turn_id: string; keep: number; blocks: string[] };

/** What the loader and the chat are to each other. */
export type Host = {
  config: LoaderConfig;
  root: ShadowRoot;
  keep: Keep;
  /** The address of the protocol's routes. */
  api: string;
  variables: Record<string, Value>;
  identity: Identity | null;
  emit(event: string, detail?: unknown): void;
  show(launcher: Launcher): void;
  badge(count: number): void;
  open(yes: boolean, focus?: boolean): void;
};

export type Chat = {
  opened(focus: boolean): void;
  closed(): void;
  variables(values: Record<string, Value>): void;
  identify(who: Identity | null): void;
  mounted(yes: boolean): void;
};
