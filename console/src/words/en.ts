const of = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

/** Every English text of the page. Another language is another file of this form. */
export const words = {
  product: 'Longshore',
  skip: 'Skip to content',
  loading: 'Loading …',
  unnamed: 'No name',
  none: '–',

  units: {
    secondsOf: (n: number) => `${n} s`,
    minutesOf: (n: number) => `${n} min`,
    hoursOf: (n: number) => `${n} h`,
    daysOf: (n: number) => of(n, 'day', 'days'),
    ago: (time: string) => `${time} ago`,
    in: (time: string) => `in ${time}`,
    now: 'now',
  },

  actions: {
    cancel: 'Cancel',
    close: 'Close',
    copy: 'Copy',
    copied: 'Copied',
    notCopied: 'Could not copy',
    copyWhat: (what: string) => `Copy ${what}`,
    again: 'Try again',
    more: 'More',
    older: 'Show older',
    save: 'Save',
    dismiss: 'Dismiss',
  },

  navigation: {
    label: 'Screens',
    more: 'More',
    upload: 'Upload',
    live: 'Live',
    files: 'Files',
    work: 'Work',
    events: 'Events',
    accounts: 'Accounts',
    account: 'My account',
    protocols: 'Protocols',
    health: 'Health',
  },

  theme: { label: 'Colours', system: 'System', light: 'Light', dark: 'Dark' },

  session: {
    title: 'Log in',
    lead: (server: string) => `Log in to ${server} to upload files and to watch what happens.`,
    name: 'Name',
    password: 'Password',
    submit: 'Log in',
    busy: 'Logging in …',
    nameMissing: 'Enter your account name.',
    passwordMissing: 'Enter your password.',
    wrong: 'The name or the password is not right.',
    tooOften: 'Too many attempts. Wait a minute, then try again.',
    ended: 'Your session has ended. Log in again to go on.',
    forgotten: 'Forgotten? Whoever runs the server can set a new password.',
    logout: 'Log out',
    as: (name: string) => `Logged in as ${name}`,
  },

  connection: {
    live: 'Live',
    connecting: 'Connecting …',
    lost: 'Connection lost. Trying again …',
    back: 'Connected again.',
    stale: 'What you see may be out of date.',
  },

  roles: {
    admin: 'Administrator',
    uploader: 'Uploader',
    contributor: 'Contributor',
    viewer: 'Viewer',
  },

  problems: {
    network: 'The server cannot be reached. Is it running?',
    unknown: (status: number) => `The server answered with an error (${status}).`,
    title: 'That did not work',
    notFound: 'There is no such screen.',
    notFoundHint: 'Choose one from the navigation.',
  },
};
