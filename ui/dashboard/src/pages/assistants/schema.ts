import { text } from '@/text/en';

const t = text.assistants.schema;

const types = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);

/**
 * Says what is wrong with a tool's parameters: they must be the JSON schema of
 * an object. "" when there is nothing to say, or no schema at all.
 */
export function schemaProblem(schema: unknown): string {
  if (schema === undefined || schema === null) return '';
  if (!isObject(schema)) return t.notObject;
  if (schema['type'] !== 'object') return t.rootType;
  return nodeProblem(schema, '');
}

/** Reads a schema that somebody typed; empty text is no schema. */
export function parseSchema(source: string): { value?: unknown; problem: string } {
  if (!source.trim()) return { problem: '' };
  try {
    const value: unknown = JSON.parse(source);
    return { value, problem: schemaProblem(value) };
  } catch (error) {
    return { problem: t.notJSON(error instanceof Error ? error.message : String(error)) };
  }
}

function nodeProblem(node: Record<string, unknown>, path: string): string {
  const type = node['type'];
  const named = Array.isArray(type) ? type : type === undefined ? [] : [type];
  for (const name of named) {
    if (typeof name !== 'string' || !types.has(name)) return t.unknownType(path || t.root, String(name));
  }
  const values = node['enum'];
  if (values !== undefined && (!Array.isArray(values) || values.length === 0)) return t.emptyEnum(path || t.root);
  return propertiesProblem(node, path) || requiredProblem(node, path) || itemsProblem(node, path);
}

function propertiesProblem(node: Record<string, unknown>, path: string): string {
  const properties = node['properties'];
  if (properties === undefined) return '';
  if (!isObject(properties)) return t.properties(path || t.root);
  for (const [name, child] of Object.entries(properties)) {
    const at = path ? `${path}.${name}` : name;
    if (!isObject(child)) return t.property(at);
    const problem = nodeProblem(child, at);
    if (problem) return problem;
  }
  return '';
}

function requiredProblem(node: Record<string, unknown>, path: string): string {
  const required = node['required'];
  if (required === undefined) return '';
  if (!Array.isArray(required) || required.some((name) => typeof name !== 'string')) return t.required(path || t.root);
  const properties = isObject(node['properties']) ? node['properties'] : {};
  const missing = required.find((name: string) => !(name in properties)) as string | undefined;
  return missing === undefined ? '' : t.requiredUnknown(missing);
}

function itemsProblem(node: Record<string, unknown>, path: string): string {
  const items = node['items'];
  if (items === undefined) return '';
  return isObject(items) ? nodeProblem(items, `${path}[]`) : t.items(path || t.root);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The names of the parameters that a schema declares, for the test form. */
export function parameterNames(schema: unknown): string[] {
  return isObject(schema) && isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
}

/** An example of arguments that fit a schema, to start a test from. */
export function exampleArguments(schema: unknown): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  if (!isObject(schema) || !isObject(schema['properties'])) return out;
  for (const [name, child] of Object.entries(schema['properties'])) {
    out[name] = isObject(child) ? exampleValue(child) : '';
  }
  return out;
}

function exampleValue(node: Record<string, unknown>): unknown {
  if (node['default'] !== undefined) return node['default'];
  if (Array.isArray(node['enum']) && node['enum'].length > 0) return node['enum'][0] as unknown;
  const type = Array.isArray(node['type']) ? (node['type'][0] as unknown) : node['type'];
  switch (type) {
    case 'number':
    case 'integer':
      return 0;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return exampleArguments(node);
    default:
      return '';
  }
}
