/** The words of forgetting: erasing a person, and how long conversations are kept. */
const counted = (n: string, one: boolean, thing: string, things = `${thing}s`) => `${n} ${one ? thing : things}`;

export const privacy = {
  title: 'Privacy',
  subtitle: 'How long conversations are kept, and who was erased.',
  loadFailed: 'The settings could not be loaded',

  retention: {
    title: 'How long conversations are kept',
    help: 'An ended conversation is erased when its last message is older than this, with its files and the examples that were taken from it. Empty: it is kept until somebody deletes it.',
    days: 'days',
    forever: 'For ever',
    problem: 'A whole number of days from 1 to 3,650, or nothing.',
    label: (source: string) => `${source}: days`,
    confirmTitle: 'Erase older conversations?',
    confirmBody: (what: string) =>
      `Ended conversations that are older go within ten minutes and cannot be brought back: ${what}.`,
    confirmOne: (source: string, days: number) => `${source} after ${days === 1 ? 'a day' : `${days} days`}`,
    confirm: 'Keep no longer',
    saved: 'Saved. Older conversations are erased from now on.',
  },

  erasures: {
    title: 'Erased people',
    help: 'A receipt says what went and nothing about who it was. To erase somebody, open a conversation of theirs and choose “Erase this person”.',
    none: 'Nobody was erased yet.',
    more: 'Show older ones',
    by: (name: string) => `asked for by ${name}`,
    waiting: 'Waiting',
    running: (done: string, total: string) => `${done} of ${total} conversations are gone`,
    finishing: 'Taking the words out of the search index',
    done: 'Done',
    progress: 'Progress of the erasure',
    nothing: 'There was nothing but the contact',
    id: (id: string) => `Contact ${id}`,
  },

  gone: {
    conversations: (n: string, one: boolean) => counted(n, one, 'conversation'),
    messages: (n: string, one: boolean) => counted(n, one, 'message'),
    variables: (n: string, one: boolean) => counted(n, one, 'variable'),
    files: (n: string, one: boolean) => counted(n, one, 'file'),
    withSize: (files: string, size: string) => `${files} (${size})`,
    identities: (n: string, one: boolean) => counted(n, one, 'handle'),
    webhooks: (n: string, one: boolean) => counted(n, one, 'webhook'),
    answers: (n: string, one: boolean) => counted(n, one, 'kept API answer'),
    exports: (n: string, one: boolean) => counted(n, one, 'export'),
    examples: (n: string, one: boolean) => counted(n, one, 'example'),
  },

  person: {
    export: 'Export this person’s data',
    exported: 'All conversations of this person are being written to an archive, with their files.',
    erase: 'Erase this person',
    eraseTitle: (name: string) => `Erase ${name} for good?`,
    eraseBody: (what: string) =>
      `Gone from everywhere, also from the search, files, the examples of assistants and what WhatsApp has posted: ${what}. All exports of this workspace go too, because they may hold something of this person; they can be made again. A receipt keeps bare counts. This cannot be undone. It does not reach backups that you have made.`,
    eraseAction: 'Erase for good',
    started: 'The person is being erased.',
  },
};
