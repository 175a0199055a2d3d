// What the page of costs says.
const models = (n: number) =>
  n === 1 ? 'One model had no price when it was called' : `${n} models had no price when they were called`;

export const costs = {
  title: 'Costs',
  note: (zone: string) =>
    `Conversations count on the day on which they started, as everywhere in Analytics. Days are those of the workspace’s time zone, ${zone}.`,
  overTime: 'Credits over time',

  budgets: {
    title: 'Budgets',
    note: (month: string, zone: string) => `${month}, ${zone}. Every call counts in the month in which it was made.`,
    workspace: 'Whole workspace',
    of: (spent: string, budget: string) => `${spent} of ${budget}`,
    spent: (spent: string) => `${spent} spent`,
    bar: (name: string, percent: string) => `${name}: ${percent} of the budget is spent`,
    none: 'no budget',
    states: { within: 'within budget', warning: 'over 80%', spent: 'spent' },
    spentHelp: 'New messages wait for a person until the budget is raised or the month is over.',
    unpriced: (n: string, one: boolean) => `${n} ${one ? 'call' : 'calls'} of unknown cost not included`,
    set: 'Set a budget',
    add: 'Budget for an assistant',
    change: (name: string) => `Change the budget: ${name}`,
    edit: 'Change',
    loadFailed: 'The budgets could not be loaded',
    left: (days: number) => (days === 1 ? 'The month ends today.' : `${days} days are left of the month.`),
  },

  form: {
    titleWorkspace: 'Budget of the workspace',
    titleAssistant: 'Budget of an assistant',
    titleOf: (name: string) => `Budget of ${name}`,
    assistant: 'Assistant',
    credits: 'Credits a month',
    help: 'At 80% there is an alert. When all is spent, messages are kept, the contact reads the assistant’s set text, and the conversation waits for a person.',
    free: 'What costs nothing goes on: the built-in answerer, and Test Chat unless the workspace charges for it.',
    save: 'Save',
    remove: 'Remove the budget',
    saved: 'The budget is set',
    removed: 'The budget is removed',
    problems: { credits: 'A number above 0 with at most six decimals.', assistant: 'Choose an assistant.' },
  },

  by: {
    assistant: 'By assistant',
    model: 'By model',
    call: 'By kind of call',
    none: 'Nothing was spent in this period.',
    columns: {
      assistant: 'Assistant',
      model: 'Model',
      call: 'Kind',
      credits: 'Credits',
      share: 'Share',
      calls: 'Calls',
      tokens: 'Tokens',
      conversations: 'Conversations',
      unpriced: 'Calls of unknown cost',
    },
    modelNote: 'Calls of models; what WhatsApp charges for messages is under kinds.',
  },
  calls: {
    reply: 'Replies',
    evaluation: 'Evaluations',
    vision: 'Looking at pictures',
    transcription: 'Transcribing voice notes',
    message: 'WhatsApp messages',
  },

  dearest: {
    title: 'Dearest conversations',
    note: 'The ten that cost most, of those that started in this period.',
    none: 'No conversation of this period has cost anything.',
    columns: {
      contact: 'Contact',
      assistant: 'Assistant',
      started: 'Started',
      messages: 'Messages',
      credits: 'Credits',
    },
    all: 'Show all by cost',
    cut: 'There may be more, which cost less: the search for them ended early.',
  },

  unpriced: {
    title: 'Without a price',
    note: (n: number) => `${models(n)}. What that cost is not known and in none of these numbers.`,
    columns: { model: 'Model', calls: 'Calls', tokens: 'Tokens', conversations: 'Conversations', price: 'Price' },
    add: 'Add a price',
    addFor: (model: string) => `Add a price for ${model}`,
    priced: 'Has a price now; earlier calls stay unknown.',
    gone: 'a provider that was removed',
    messages: 'WhatsApp',
    inOut: (input: string, output: string) => `${input} in, ${output} out`,
  },
};
