// What the checks of an assistant's fields say.
export const problems = {
  name: 'Give the assistant a name.',
  greeting: 'Write a greeting, or let the contact speak first.',
  provider: 'Choose a provider.',
  model: 'Name a model.',
  inactivity: 'A whole number from 1 to 1440.',
  replyDelay: 'A whole number from 0 to 300.',
  language: (tag: string) => `“${tag}” is not a language code such as en or pt-BR.`,
  variableName: 'Letters, digits and underscores, starting with a letter; at most 64.',
  taken: 'Another one has this name.',
  reserved: 'Every evaluation finds this one by itself.',
  options: 'Add at least one option.',
  optionTwice: 'An option is there twice.',
  defaultNumber: 'The default is not a number.',
  defaultBoolean: 'The default must be yes or no.',
  defaultDate: 'The default is not a date such as 2026-01-31.',
  defaultOption: 'The default is not one of the options.',
  toolName: 'Letters, digits, _ and -; at most 64.',
  toolBuiltin: 'A built-in tool has this name.',
  toolDescription: 'Tell the model what the tool does.',
  toolURL: 'An address that starts with http:// or https://.',
  toolTimeout: 'A whole number from 1 to 30.',
};

// What the check of a tool's JSON schema says.
export const schema = {
  root: 'The schema',
  notObject: 'The schema must be a JSON object.',
  notJSON: (why: string) => `This is not JSON: ${why}`,
  rootType: 'The schema must say "type": "object".',
  unknownType: (path: string, type: string) => `${path}: “${type}” is not a JSON schema type.`,
  emptyEnum: (path: string) => `${path}: “enum” must be a list with at least one value.`,
  properties: (path: string) => `${path}: “properties” must be an object.`,
  property: (path: string) => `${path} must be a schema, in braces.`,
  required: (path: string) => `${path}: “required” must be a list of names.`,
  requiredUnknown: (name: string) => `“${name}” is required but not among the properties.`,
  items: (path: string) => `${path}: “items” must be a schema, in braces.`,
};
