import { InvalidArgumentError } from 'commander';
import type { Terminal } from './terminal.js';

/** What a command that talks to a server is told of who asks. */
export interface CredentialFlags {
  readonly user?: string;
  readonly password?: string;
  readonly key?: string;
}

/** Who asks: an account, an API key, or nobody. */
export interface Credentials {
  readonly user?: string;
  readonly password?: string;
  readonly apiKey?: string;
}

/** An address of a server, as a flag gives it. */
export const address = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new InvalidArgumentError('It wants an http address.');
  if (url.username !== '' || url.password !== '') throw new InvalidArgumentError('Give the name by --user instead.');
  return url.href;
};

/** Flags go before the environment; a password is asked for only where there is a name and no password. */
export const credentialsOf = async (
  { user, password, key }: CredentialFlags,
  terminal: Terminal,
): Promise<Credentials> => {
  const { LONGSHORE_PASSWORD, LONGSHORE_KEY } = terminal.environment;
  if (user === undefined) {
    const apiKey = key ?? LONGSHORE_KEY;
    return apiKey === undefined ? {} : { apiKey };
  }
  return { user, password: password ?? LONGSHORE_PASSWORD ?? (await terminal.askSecret(`Password of ${user}: `)) };
};
