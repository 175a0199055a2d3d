// What the Topics page says.
export const topics = {
  title: 'Topics',
  note: 'What people ask, grouped by their own words, without a model.',
  kind: 'Questions',
  kinds: { asked: 'Asked', unanswered: 'Unanswered' },
  kindNotes: {
    asked: 'The first question or request of each conversation.',
    unanswered:
      'Questions that seem to have had no answer: the assistant said that it does not know, a person was asked for, the evaluation says so, or the question came again.',
  },
  failed: 'The topics could not be loaded',

  run: {
    asOf: 'As of',
    of: (n: string) => (n === '1' ? 'from one conversation' : `from the newest ${n} conversations`),
    never: 'Topics have not been made yet.',
    refresh: 'Update now',
    phases: {
      idle: '',
      waiting: 'Waiting to start…',
      reading: 'Reading conversations',
      learning: 'Finding topics…',
      sorting: 'Sorting questions',
    },
    progress: (done: string, total: string) => `${done} of ${total}`,
    failed: 'The last update failed',
  },

  empty: {
    never: 'No topics yet',
    neverBody: 'They are made once a day from the conversations that there are, and whenever you update them.',
    none: 'No questions here',
    noneBody: 'No conversation that passes the filters asks anything. Try a longer period.',
  },

  found: 'Found in the questions',
  foundNote: 'Words that people use, grouped by Parley every day.',
  evaluated: 'Named by the evaluation',
  evaluatedNote: 'As the evaluation of each conversation called it. A conversation can stand in both tables.',

  columns: {
    topic: 'Topic',
    conversations: 'Conversations',
    trend: 'Trend',
    resolved: 'Resolved',
    handedOver: 'Handed over',
    why: 'Why',
    cost: 'Cost',
    more: 'More',
  },
  other: 'Other questions',
  otherNote: 'What fits no topic',
  unknownLanguage: 'unknown language',

  change: {
    title: (before: string) => `${before} in the period before`,
    fresh: 'new',
    same: 'as before',
    more: (percent: string) => `${percent} more than before`,
    less: (percent: string) => `${percent} less than before`,
  },
  rate: {
    none: 'Not evaluated',
    yes: (n: string) => `${n} resolved`,
    no: (n: string) => `${n} not`,
    rest: (n: string) => `${n} not evaluated`,
    handed: (n: string) => `${n} handed over`,
  },
  signs: {
    unknown: 'Not known',
    handover: 'Person asked for',
    unresolved: 'Not resolved',
    repeated: 'Asked again',
  },
  opens: (n: string, what: string) => `${n} conversations: ${what}`,

  detail: {
    show: (label: string) => `Show questions about ${label}`,
    hide: (label: string) => `Hide questions about ${label}`,
    examples: 'Questions that fit best',
    terms: 'Words',
    parts: 'Over time',
    from: 'From',
    count: 'Conversations',
    open: 'Open',
    noExamples: 'No message of it can be shown.',
  },

  filter: {
    topicId: 'Topic',
    unanswered: 'Unanswered',
    otherTopic: 'Other questions',
  },
};
