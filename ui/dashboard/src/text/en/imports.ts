/** The words of bringing conversations from elsewhere. */
const counted = (n: string, one: boolean, thing: string) => (one ? `1 ${thing}` : `${n} ${thing}s`);

export const imports = {
  title: 'Import',
  subtitle:
    'Bring conversations from Chatwoot, Dify or another Parley. They come in as history: ended, with their times.',
  loadFailed: 'The imports could not be loaded',

  drop: 'Drop a file here',
  dropHelp:
    'JSON Lines of Parley · JSON of Chatwoot’s or Dify’s API, as a list, lines or saved pages · Dify’s logs as CSV. Up to 1 GB.',
  choose: 'Choose a file',
  chooseLabel: 'File to import',
  notes: 'Nothing is sent, no webhook is told and nothing is charged. The same file again adds nothing.',
  uploading: (name: string, percent: string) => `Uploading ${name}: ${percent}`,
  uploadingLabel: 'Progress of the upload',
  stop: 'Stop the upload',
  tooLarge: 'The file is larger than 1 GB. Divide it.',
  failed: 'The file could not be brought',

  past: 'Imports',
  emptyTitle: 'Nothing was imported yet',
  emptyBody: 'Put all pages of a conversation’s messages into one file: a conversation is taken whole or not at all.',
  more: 'Show older ones',
  by: (name: string) => `by ${name}`,
  program: 'a program',
  systems: { parley: 'Parley', chatwoot: 'Chatwoot', dify: 'Dify' },
  states: { queued: 'Waiting', running: 'Running', done: 'Done', failed: 'Failed', canceled: 'Stopped' },
  cancel: 'Stop',
  cancelNamed: (name: string) => `Stop the import of ${name}`,
  canceledAt: (done: string, total: string) => `Stopped after ${done} of ${total} conversations`,
  looking: 'Looking through the file…',
  progress: (done: string, total: string) => `${done} of ${total} conversations`,
  progressLabel: 'Progress of the import',
  taken: (n: string, one: boolean) => `${counted(n, one, 'conversation')} taken`,
  messages: (n: string, one: boolean) => `with ${counted(n, one, 'message')}`,
  present: (n: string) => `${n} already here`,
  refused: (n: string) => `${n} not taken`,
  nothing: 'Nothing was taken',
  problems: (n: string, one: boolean) => (one ? 'Show the problem' : `Show the ${n} problems`),
  hide: 'Hide the problems',
  first: (shown: string, all: string) => `The first ${shown} of ${all} problems.`,
  columns: { line: 'Line', conversation: 'Conversation', reason: 'Why' },
  show: 'Show the conversations',
  toImport: 'Import conversations',
};
