// What the pages of assistants and their Test Chat say.
export const assistants = { title: 'Assistants' };
