// What the Conversations page says.
export const conversations = {
  title: 'Conversations',
};
