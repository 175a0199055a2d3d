const builtinModel = 'builtin-answerer';

/** Whether a call was answered by the built-in answerer, which is no language model. */
export const isBuiltin = (model: string): boolean => model === builtinModel;

/** "provider / model", or the model alone. */
export const modelName = (provider: string, model: string): string =>
  isBuiltin(model) || !provider ? model : `${provider} / ${model}`;
