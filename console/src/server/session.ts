import { signal } from '@preact/signals';
import type { Login, Session, SessionKey } from 'longshore/api';
import { api } from './api.js';
import { ApiError, credentials } from './request.js';

/** Who is logged in; null: nobody; undefined: not known yet. */
export const session = signal<Session | null | undefined>(undefined);

/** Whether a session ended without its person wanting it to. */
export const sessionEnded = signal(false);

let key: Promise<SessionKey> | undefined;

const use = (next: Session | null): void => {
  credentials.csrf = next?.csrf ?? '';
  // Keys end with their session; the token tells one session of an account from the next.
  if (next?.csrf !== session.value?.csrf) key = undefined;
  session.value = next;
};

credentials.ended = () => {
  if (!session.value) return;
  sessionEnded.value = true;
  use(null);
};

/** Asks the server who is logged in. Rejects where it does not answer. */
export const findSession = async (): Promise<void> => {
  try {
    use(await api.session());
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === 0 || error.status >= 500) throw error;
    use(null);
  }
};

credentials.changed = () => findSession().catch(() => undefined);

/** Logs in. Rejects with `ApiError` 401 where name and password do not fit, and 429 where it was tried too often. */
export const login = async (given: Login): Promise<void> => {
  use(await api.login(given));
  sessionEnded.value = false;
};

/** Logs out; keys of the session end with it. */
export const logout = async (): Promise<void> => {
  await api.logout();
  use(null);
};

/** Whether who is logged in runs the server. */
export const isAdmin = (): boolean => session.value?.permissions.includes('admin') ?? false;

/** Whether who is logged in may `upload`, `update`, `view`, `delete` or `admin`. */
export const may = (permission: string): boolean => session.value?.permissions.includes(permission) ?? false;

/** A key that stands for the session's account in every protocol, until the session ends. */
export const uploadKey = async (): Promise<string> => {
  key ??= api.sessionKey();
  const asked = key;
  try {
    return (await asked).secret;
  } catch (error) {
    if (key === asked) key = undefined;
    throw error;
  }
};
