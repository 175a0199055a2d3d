import { describe, expect, it } from 'vitest';
import type { AssistantConfig, HTTPTool, VariableSchema } from '@/api/types';
import { areaOf, checkConfig, checkTool, checkVariable } from './check';
import { fromTemplate, templateIDs } from './templates';

const config = (changes: Partial<AssistantConfig> = {}): AssistantConfig => ({
  ...fromTemplate('blank', 'A'),
  ...changes,
});
const variable = (changes: Partial<VariableSchema> = {}): VariableSchema => ({
  name: 'a',
  type: 'text',
  source: 'extracted',
  ...changes,
});
const tool = (changes: Partial<HTTPTool> = {}): HTTPTool => ({
  name: 'get_order',
  description: 'Looks up an order',
  method: 'GET',
  url: 'https://shop.example/{id}',
  ...changes,
});

describe('checkConfig', () => {
  it.each(templateIDs)('finds nothing wrong with the template %s', (id) => {
    expect(checkConfig(fromTemplate(id, 'Name'))).toEqual({});
  });

  it.each<[string, Partial<AssistantConfig>]>([
    ['name', { name: '  ' }],
    ['greeting', { speaks_first: true, greeting: '' }],
    ['model.model', { model: { provider_id: 'p', model: '' } }],
    ['fallback.model', { fallback: { provider_id: 'p', model: ' ' } }],
    ['inactivity_minutes', { inactivity_minutes: 0 }],
    ['release_minutes', { release_minutes: 1441 }],
    ['inactivity_minutes', { inactivity_minutes: 1441 }],
    ['inactivity_minutes', { inactivity_minutes: Number.NaN }],
    ['reply_delay_seconds', { reply_delay_seconds: 301 }],
    ['languages', { languages: ['en', 'English!'] }],
    ['variables.1.name', { variables: [variable(), variable()] }],
    ['tools.0.url', { tools: [tool({ url: 'shop' })] }],
  ])('marks %s', (path, changes) => expect(Object.keys(checkConfig(config(changes)))).toContain(path));
});

describe('checkVariable', () => {
  it('takes a name once per source', () => {
    expect(checkVariable(variable(), [variable({ source: 'pre_chat' })])).toEqual({});
    expect(checkVariable(variable(), [variable()])).toHaveProperty('name');
  });

  it('keeps the names of the evaluation free', () => {
    expect(checkVariable(variable({ name: 'resolved', source: 'post_conversation' }), [])).toHaveProperty('name');
    expect(checkVariable(variable({ name: 'resolved' }), [])).toEqual({});
  });

  it.each<[string, Partial<VariableSchema>, boolean]>([
    ['a number', { type: 'number', default: '1.5' }, true],
    ['not a number', { type: 'number', default: 'one' }, false],
    ['a date', { type: 'date', default: '2028-02-29' }, true],
    ['a day that is not', { type: 'date', default: '2026-02-29' }, false],
    ['yes', { type: 'boolean', default: 'true' }, true],
    ['not a boolean', { type: 'boolean', default: 'yes' }, false],
    ['an option', { type: 'enum', options: ['x'], default: 'x' }, true],
    ['not an option', { type: 'enum', options: ['x'], default: 'y' }, false],
  ])('checks a default: %s', (_, changes, fine) => {
    expect('default' in checkVariable(variable(changes), [])).toBe(!fine);
  });

  it('wants different options', () => {
    expect(checkVariable(variable({ type: 'enum' }), [])).toHaveProperty('options');
    expect(checkVariable(variable({ type: 'enum', options: ['x', 'x'] }), [])).toHaveProperty('options');
  });
});

describe('checkTool', () => {
  it.each<[string, Partial<HTTPTool>]>([
    ['name', { name: 'get order' }],
    ['name', { name: 'handoff' }],
    ['description', { description: ' ' }],
    ['url', { url: 'ftp://x' }],
    ['timeout_seconds', { timeout_seconds: 31 }],
    ['parameters', { parameters: { type: 'string' } }],
  ])('marks %s', (field, changes) => expect(checkTool(tool(changes), [])).toHaveProperty(field));

  it('accepts a good one', () => expect(checkTool(tool(), [])).toEqual({}));
  it('takes a name once', () => expect(checkTool(tool(), [tool()])).toHaveProperty('name'));
});

it('knows the tab of each field', () => {
  expect(['name', 'model.model', 'tools.0.url', 'variables.1.name', 'languages'].map(areaOf)).toEqual([
    'prompt',
    'model',
    'tools',
    'variables',
    'behaviour',
  ]);
});
