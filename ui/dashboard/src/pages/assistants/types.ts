import type { HTTPTool, VariableSchema } from '@/api/types';

export type VariableType = VariableSchema['type'];
export type VariableSource = VariableSchema['source'];
export type HTTPMethod = HTTPTool['method'];

/** The built-in answerer, which needs no provider. */
export const builtinProvider = 'builtin';
export const builtinModel = 'builtin-answerer';
