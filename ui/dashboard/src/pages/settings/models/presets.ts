import { text } from '@/text/en';

/** What a provider speaks; its kind. */
export const protocols = ['openai', 'anthropic'] as const;
export type Protocol = (typeof protocols)[number];

/** A known kind of provider, to start from. */
export interface Preset {
  id: keyof typeof text.settings.presets & string;
  kind: Protocol;
  baseURL: string;
  /** Whether calls need a key. */
  key: boolean;
  /** Where a key is made. */
  keysAt?: string;
  models: string[];
  local?: boolean;
}

/** What the form may start from. */
export const presets: readonly Preset[] = [
  {
    id: 'openai',
    kind: 'openai',
    baseURL: 'https://api.openai.com/v1',
    key: true,
    keysAt: 'https://platform.openai.com/api-keys',
    models: ['gpt-4.1-mini', 'gpt-4.1', 'gpt-4o-mini'],
  },
  {
    id: 'anthropic',
    kind: 'anthropic',
    baseURL: 'https://api.anthropic.com/v1',
    key: true,
    keysAt: 'https://platform.claude.com/settings/keys',
    models: ['claude-sonnet-5-5', 'claude-haiku-5-5', 'claude-opus-5-5'],
  },
  {
    id: 'groq',
    kind: 'openai',
    baseURL: 'https://api.groq.com/openai/v1',
    key: true,
    keysAt: 'https://console.groq.com/keys',
    models: ['llama-3.3-70b-versatile', 'llama-3.1-8b-instant'],
  },
  {
    id: 'mistral',
    kind: 'openai',
    baseURL: 'https://api.mistral.ai/v1',
    key: true,
    keysAt: 'https://console.mistral.ai/api-keys',
    models: ['mistral-small-latest', 'mistral-large-latest'],
  },
  {
    id: 'openrouter',
    kind: 'openai',
    baseURL: 'https://openrouter.ai/api/v1',
    key: true,
    keysAt: 'https://openrouter.ai/keys',
    models: ['openai/gpt-4.1-mini', 'anthropic/claude-sonnet-4'],
  },
  {
    id: 'gemini',
    kind: 'openai',
    baseURL: 'https://generativelanguage.googleapis.com/v1beta/openai',
    key: true,
    keysAt: 'https://aistudio.google.com/apikey',
    models: ['gemini-2.5-flash', 'gemini-2.5-pro'],
  },
  {
    id: 'ollama',
    kind: 'openai',
    baseURL: 'http://127.0.0.1:11434/v1',
    key: false,
    models: ['llama3.2'],
    local: true,
  },
  { id: 'vllm', kind: 'openai', baseURL: 'http://127.0.0.1:8000/v1', key: false, models: [], local: true },
  {
    id: 'llamacpp',
    kind: 'openai',
    baseURL: 'http://127.0.0.1:8080/v1',
    key: false,
    models: [],
    local: true,
  },
  { id: 'custom', kind: 'openai', baseURL: '', key: true, models: [] },
];
