/** The words of what somebody has to look at. */
export const alerts = {
  title: 'Needs a look',
  nav: 'Alerts',
  subtitle: 'What does not work, or soon will not, and where to do something about it.',
  loadFailed: 'The alerts could not be loaded',
  emptyTitle: 'All is well',
  emptyBody:
    'A failing model provider, a spent budget, trouble with a WhatsApp number, a webhook that was given up, a full disk and a queue that falls behind would show here.',
  count: (n: number) => `${n} ${n === 1 ? 'alert' : 'alerts'}`,
  times: (n: number) => `${n} times`,
  dismiss: 'Dismiss',
  about: {
    server: 'This server',
    models: 'Models',
    numbers: 'WhatsApp numbers',
    webhooks: 'Webhooks',
    money: 'Budgets',
  },
  open: {
    server: '',
    models: 'Open the models',
    numbers: 'Open the number',
    webhooks: 'Open the webhooks',
    money: 'Open the costs',
  },
};
