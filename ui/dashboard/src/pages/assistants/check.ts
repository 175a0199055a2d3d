import { text } from '@/text/en';
import { schemaProblem } from './schema';
import type { AssistantConfig, Example, HTTPTool, VariableSchema } from '@/api/types';

const t = text.assistants.problems;

/** What is wrong with a configuration, by the dotted path of the field. */
export type Problems = Record<string, string>;

/** What is wrong in a part of the configuration, if anything is. */
export function problemBelow(problems: Problems, path: string): string | undefined {
  const found = Object.keys(problems).find((p) => p.startsWith(`${path}.`));
  return found && problems[found];
}

/** The tabs of the assistant's page that hold fields. */
export type Area = 'prompt' | 'model' | 'examples' | 'variables' | 'tools' | 'behaviour';

/** How much all examples together may hold, in bytes. */
export const maxExamples = 24 * 1024;

/** Checks a whole configuration. The server checks the same again. */
export function checkConfig(config: AssistantConfig): Problems {
  const out: Problems = {};
  if (!config.name.trim()) out['name'] = t.name;
  if (config.speaks_first && !(config.greeting ?? '').trim()) out['greeting'] = t.greeting;
  if (!config.model.provider_id) out['model.provider_id'] = t.provider;
  if (!config.model.model.trim()) out['model.model'] = t.model;
  if (config.fallback && !config.fallback.provider_id) out['fallback.provider_id'] = t.provider;
  if (config.fallback && !config.fallback.model.trim()) out['fallback.model'] = t.model;
  if (!within(config.inactivity_minutes, 1, 1440)) out['inactivity_minutes'] = t.inactivity;
  if (!within(config.release_minutes ?? 0, 0, 1440)) out['release_minutes'] = t.release;
  if (!within(config.reply_delay_seconds, 0, 300)) out['reply_delay_seconds'] = t.replyDelay;
  const wrongLanguage = config.languages?.find((tag) => !/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag));
  if (wrongLanguage !== undefined) out['languages'] = t.language(wrongLanguage);
  config.variables?.forEach((variable, i) => {
    const rest = (config.variables ?? []).filter((_, other) => other !== i);
    for (const [field, problem] of Object.entries(checkVariable(variable, rest))) {
      out[`variables.${i}.${field}`] = problem;
    }
  });
  config.tools?.forEach((tool, i) => {
    const rest = (config.tools ?? []).filter((_, other) => other !== i);
    for (const [field, problem] of Object.entries(checkTool(tool, rest))) {
      out[`tools.${i}.${field}`] = problem;
    }
  });
  const examples = config.examples ?? [];
  examples.forEach((example, i) => {
    if (!example.question.trim() || !example.answer.trim()) out[`examples.${i}`] = t.example;
  });
  if (examplesSize(examples) > maxExamples) out['examples'] = t.examplesLong;
  return out;
}

/** How many bytes the examples hold. */
export function examplesSize(examples: readonly Example[]): number {
  return new TextEncoder().encode(examples.map((x) => x.question + x.answer).join('')).length;
}

/** What every evaluation finds by itself. */
const reserved = ['resolved', 'summary', 'topic', 'sentiment'];

/** Checks one variable against the others: a name is taken once per source. */
export function checkVariable(variable: VariableSchema, rest: readonly VariableSchema[]): Problems {
  const out: Problems = {};
  if (!/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(variable.name)) out['name'] = t.variableName;
  else if (rest.some((v) => v.name === variable.name && v.source === variable.source)) out['name'] = t.taken;
  else if (variable.source === 'post_conversation' && reserved.includes(variable.name)) out['name'] = t.reserved;
  if (variable.type === 'enum') {
    const options = variable.options ?? [];
    if (options.length < 1) out['options'] = t.options;
    else if (new Set(options).size < options.length) out['options'] = t.optionTwice;
  }
  const wrong = wrongDefault(variable);
  if (wrong) out['default'] = wrong;
  return out;
}

function wrongDefault(variable: VariableSchema): string {
  const value = variable.default ?? '';
  if (!value) return '';
  switch (variable.type) {
    case 'number':
      return Number.isFinite(Number(value)) && value.trim() === value ? '' : t.defaultNumber;
    case 'boolean':
      return value === 'true' || value === 'false' ? '' : t.defaultBoolean;
    case 'date':
      return isDate(value) ? '' : t.defaultDate;
    case 'enum':
      return (variable.options ?? []).includes(value) ? '' : t.defaultOption;
    case 'text':
      return '';
  }
}

function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

const builtinTools = ['set_variable', 'end_conversation', 'handoff', 'offer_choices'];

/** Checks one tool against the others. */
export function checkTool(tool: HTTPTool, rest: readonly HTTPTool[]): Problems {
  const out: Problems = {};
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(tool.name)) out['name'] = t.toolName;
  else if (builtinTools.includes(tool.name)) out['name'] = t.toolBuiltin;
  else if (rest.some((other) => other.name === tool.name)) out['name'] = t.taken;
  if (!tool.description.trim()) out['description'] = t.toolDescription;
  if (!/^https?:\/\/[^\s/]+/.test(tool.url)) out['url'] = t.toolURL;
  const timeout = tool.timeout_seconds ?? 0;
  if (timeout !== 0 && !within(timeout, 1, 30)) out['timeout_seconds'] = t.toolTimeout;
  const schema = schemaProblem(tool.parameters);
  if (schema) out['parameters'] = schema;
  return out;
}

function within(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

const areas: [string, Area][] = [
  ['name', 'prompt'],
  ['avatar', 'prompt'],
  ['prompt', 'prompt'],
  ['greeting', 'prompt'],
  ['speaks_first', 'prompt'],
  ['model', 'model'],
  ['fallback', 'model'],
  ['examples', 'examples'],
  ['variables', 'variables'],
  ['tools', 'tools'],
];

/** The tab on which a field is found. */
export function areaOf(path: string): Area {
  const first = path.split('.')[0] ?? '';
  return areas.find(([field]) => field === first)?.[1] ?? 'behaviour';
}
