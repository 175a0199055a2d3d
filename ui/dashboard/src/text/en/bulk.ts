/** The words of what is done to many conversations at once. */
const conversations = (n: string, one: boolean) => `${n} ${one ? 'conversation' : 'conversations'}`;

export const bulk = {
  select: 'Select',
  selectHelp: 'Choose several conversations and do something to all of them (x)',
  bar: 'What to do with the chosen conversations',
  choose: (name: string) => `Choose ${name}`,
  chosen: (n: string) => `${n} chosen`,
  none: 'Choose conversations below.',
  whole: 'All that the filter shows',
  chooseWhole: 'Choose all that the filter shows',
  chooseLoaded: 'Only those that I choose',
  stop: 'Stop choosing',

  tag: 'Tag',
  putOn: 'Put on',
  takeOff: 'Take off',
  noTags: 'There are no tags yet.',
  actions: {
    end: 'End',
    tag: 'Put the tag on',
    untag: 'Take the tag off',
    review: 'Mark as reviewed',
    unreview: 'Not reviewed any more',
    evaluate: 'Evaluate again',
  },
  review: 'Reviewed',
  more: 'More for the chosen conversations',

  confirm: {
    title: (action: string) => `${action}?`,
    these: (n: string, one: boolean) => `This is done to ${conversations(n, one)}.`,
    whole: 'This is done to every conversation that the filter shows when its turn comes.',
    end: 'Each gets its evaluation, and the contacts’ next messages start new conversations. It cannot be undone.',
    evaluate: 'Each evaluation is a call of the model and costs what that costs.',
    undo: 'It can be undone.',
  },

  running: {
    end: 'Ending conversations',
    tag: 'Putting the tag on',
    untag: 'Taking the tag off',
    review: 'Marking as reviewed',
    unreview: 'Taking reviews back',
    evaluate: 'Evaluating again',
  },
  progress: (done: string, total: string) => `${done} of ${total}`,
  soFar: (done: string) => `${done} so far`,
  cancel: 'Stop',
  undo: 'Undo',
  done: {
    end: (n: string, one: boolean) => `${conversations(n, one)} ended.`,
    tag: (n: string, one: boolean) => `The tag is on ${conversations(n, one)} more.`,
    untag: (n: string, one: boolean) => `The tag is off ${conversations(n, one)}.`,
    review: (n: string, one: boolean) => `${conversations(n, one)} marked as reviewed.`,
    unreview: (n: string, one: boolean) => `${conversations(n, one)} not reviewed any more.`,
    evaluate: (n: string, one: boolean) => `${conversations(n, one)} evaluated.`,
  },
  nothing: 'Nothing had to be changed.',
  canceled: 'Stopped.',
  failed: (n: string, reason: string) => `${n} could not: ${reason}`,
};
