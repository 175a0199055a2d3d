/** The shapes of assistants as the API gives and takes them. */

export type AssistantStatus = 'draft' | 'active' | 'inactive';
export type AfterEnd = 'new' | 'reopen';
export type VariableType = 'text' | 'number' | 'boolean' | 'date' | 'enum';
export type VariableSource = 'pre_chat' | 'extracted' | 'post_conversation';
export type HTTPMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface ModelChoice {
  provider_id: string;
  model: string;
  temperature?: number | null;
}

export interface VariableSchema {
  name: string;
  type: VariableType;
  description?: string;
  question?: string;
  source: VariableSource;
  options?: string[];
  default?: string;
  required?: boolean;
}

export interface HTTPTool {
  name: string;
  description: string;
  method: HTTPMethod;
  url: string;
  headers?: Record<string, string>;
  parameters?: unknown;
  timeout_seconds?: number;
}

export interface AssistantConfig {
  name: string;
  avatar?: string;
  status: AssistantStatus;
  prompt: string;
  greeting?: string;
  speaks_first: boolean;
  languages?: string[];
  time_zone?: string;
  model: ModelChoice;
  fallback?: ModelChoice | null;
  inactivity_minutes: number;
  reply_delay_seconds: number;
  after_end: AfterEnd;
  trouble_text?: string;
  variables?: VariableSchema[];
  tools?: HTTPTool[];
  knowledge?: string[];
}

/** The built-in answerer, which needs no provider. */
export const builtinProvider = 'builtin';
export const builtinModel = 'builtin-answerer';
