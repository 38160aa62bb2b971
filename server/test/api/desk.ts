import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, startApp } from '../../src/app.js';
import { configOf } from '../../src/config.js';
import { type ManualClock, manualClock } from '../../src/kit/clock.js';
import { randomIds } from '../../src/kit/ids.js';
import { type Log, silentLog } from '../../src/kit/log.js';

/** An answer, read to its end. */
export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON of the answer; whatever a test expects it to be. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects.
  readonly body: any;
}

/** What is sent with a request. */
export interface Sent {
  /** JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Somebody who asks. */
export interface Asker {
  ask(method: string, path: string, sent?: Sent): Promise<Told>;
}

/** Somebody who logged in as the page does. */
export interface Visitor extends Asker {
  /** `longshore-session=…`. */
  readonly cookie: string;
  readonly csrf: string;
}

/** The whole server over memory, as whoever uses its API sees it. Its clock is moved by hand. */
export interface Desk extends Asker {
  readonly url: string;
  readonly app: App;
  readonly clock: ManualClock;
  /** With name and password in each request. */
  as(name: string): Asker;
  login(name: string, password?: string): Promise<Visitor>;
  close(): Promise<void>;
}

/** Every desk has them; each one's password is `secret`. */
const accounts = [
  { name: 'alice', role: 'uploader' },
  { name: 'bob', role: 'uploader' },
  { name: 'victor', role: 'viewer' },
  { name: 'root', role: 'admin' },
] as const;

export const basic = (name: string, password = 'secret'): string =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

const parsed = (text: string, type: string | null): unknown =>
  type !== null && /json/.test(type) && text !== '' ? JSON.parse(text) : undefined;

/** Starts a server on a free port. `flags`: options as on the command line. */
export const openDesk = async (spec: { flags?: Readonly<Record<string, string>>; log?: Log } = {}): Promise<Desk> => {
  const data = await mkdtemp(join(tmpdir(), 'longshore-'));
  const clock = manualClock();
  const flags = { data, port: '0', store: 'memory', ledger: 'memory', 'accounts-password-cost': '10', ...spec.flags };
  const app = await startApp(configOf({ flags }), { clock, ids: randomIds, log: spec.log ?? silentLog });
  for (const account of accounts) await app.accounts.add({ ...account, password: 'secret' });

  const askWith =
    (own: Readonly<Record<string, string>>) =>
    async (method: string, path: string, { body, headers = {} }: Sent = {}): Promise<Told> => {
      const answer = await fetch(`${app.address}/api${path}`, {
        method,
        headers: { ...own, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'manual',
      });
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        body: parsed(text, answer.headers.get('content-type')),
      };
    };
  const ask = askWith({});

  return {
    url: app.address,
    app,
    clock,
    ask,
    as: (name) => ({ ask: askWith({ authorization: basic(name) }) }),
    login: async (name, password = 'secret') => {
      const { status, headers, body } = await ask('POST', '/session', { body: { name, password } });
      if (status !== 200) throw new Error(`the login was answered with ${status}`);
      const [cookie = ''] = headers.getSetCookie().map((each) => each.split(';')[0] ?? '');
      return { cookie, csrf: body.csrf, ask: askWith({ cookie, 'x-csrf-token': body.csrf }) };
    },
    close: async () => {
      await app.close();
      await rm(data, { recursive: true, force: true });
    },
  };
};
