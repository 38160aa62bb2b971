import { byId } from './dom.js';

/** What uploads are made with. */
export interface Account {
  readonly user?: string;
  readonly password?: string;
  readonly apiKey?: string;
}

const place = 'longshore.account';

const stored = (): Account | null => {
  try {
    return JSON.parse(sessionStorage.getItem(place) ?? 'null');
  } catch {
    return null;
  }
};

const nameOf = ({ user, apiKey }: Account): string => {
  if (user !== undefined) return `Uploading as ${user}`;
  return apiKey === undefined ? 'Uploading without an account' : 'Uploading with an API key';
};

/** The form that asks for an account, and what it was told. */
export interface AccountForm {
  current(): Account;
  /** Asks anew, and says why. */
  refuse(why: string): void;
}

/** Brings the form to life; `ready` is called whenever there is an account to upload with. */
export const accountForm = (ready: () => void): AccountForm => {
  const form = byId('account', HTMLFormElement);
  const uploader = byId('uploader', HTMLDivElement);
  const problem = byId('account-problem', HTMLParagraphElement);
  let current: Account = {};

  const complain = (why: string): void => {
    problem.textContent = why;
    problem.hidden = why === '';
  };
  const showKind = (): void => {
    const kind = new FormData(form).get('kind');
    for (const part of form.querySelectorAll<HTMLElement>('[data-kind]')) part.hidden = part.dataset.kind !== kind;
    complain('');
  };
  const use = (account: Account): void => {
    current = account;
    byId('account-name', HTMLSpanElement).textContent = nameOf(account);
    form.hidden = true;
    uploader.hidden = false;
    ready();
  };
  const askAgain = (): void => {
    form.hidden = false;
    uploader.hidden = true;
    form.querySelector<HTMLInputElement>('.fields:not([hidden]) input')?.focus();
  };

  form.addEventListener('change', showKind);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const given = new FormData(form);
    const text = (name: string): string => String(given.get(name) ?? '');
    const kind = text('kind');
    if (kind === 'password' && text('user') === '') return complain('The name is missing.');
    if (kind === 'key' && text('key') === '') return complain('The key is missing.');
    complain('');
    const account: Account =
      kind === 'password'
        ? { user: text('user'), password: text('password') }
        : kind === 'key'
          ? { apiKey: text('key').trim() }
          : {};
    sessionStorage.setItem(place, JSON.stringify(account));
    use(account);
  });
  byId('account-change', HTMLButtonElement).addEventListener('click', () => {
    sessionStorage.removeItem(place);
    askAgain();
  });

  showKind();
  const before = stored();
  if (before !== null) use(before);
  return {
    current: () => current,
    refuse: (why) => {
      sessionStorage.removeItem(place);
      askAgain();
      complain(why);
    },
  };
};
