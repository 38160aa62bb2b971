import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type Answer, type Asking, ask } from '../crash/ask.js';
import { brightsignPath, envelope, getStatus, soapHeaders, textOf } from '../crash/brightsign-words.js';
import { seeded } from '../crash/power.js';
import { contentOf } from '../crash/site.js';
import { dial, type RawSocket } from '../raw-socket.js';
import { account, longshore, type ServerProcess, startServer } from '../server-process.js';

/** Somebody else, who may upload, too. */
export const stranger = { login: 'bob@example.com', password: 'correct horse 2' } as const;

/**
 * How much a server's memory may grow over a whole file of attacks, bytes. V8 alone gives its young objects up to 48 MiB
 * once it is under load; each flood brings 200 MiB.
 */
const growth = 96 * 2 ** 20;
const patience = ['--http-idle-timeout-ms', '1500', '--http-headers-timeout-ms', '1500', '--http-linger-ms', '500'];
const options = [...patience, '--dialects-brightsign-max-chunk', '1m', '--accounts-password-cost', '10'];

/** The server that the tests of a file attack. */
export let server: ServerProcess;
let strangersKey = '';
let memoryBefore = 0;
/** Must not be found in what the server writes. */
const secrets = new Set<string>([account.password, stranger.password]);
/** An upload that goes on all the time. */
const innocent = { path: '', sent: 0, content: contentOf(seeded(3), 2_000_000) };

const memory = async (): Promise<number> => {
  const status = await readFile(`/proc/${server.pid()}/status`, 'latin1');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
};

/** Asks as a client of tus. */
export const tus = (asking: Asking, key = server.key): Promise<Answer> =>
  ask(server.port, {
    ...asking,
    headers: { 'tus-resumable': '1.0.0', authorization: `Bearer ${key}`, ...asking.headers },
  });

/** Asks as somebody else. */
export const asStranger = (asking: Asking): Promise<Answer> => tus(asking, strangersKey);

export const chunkAt = (offset: number | string) => ({
  'content-type': 'application/offset+octet-stream',
  'upload-offset': offset,
});

/** Creates an upload of `length` bytes and gives its path. */
export const createUpload = async (length: number, headers: Record<string, string> = {}): Promise<string> => {
  const answer = await tus({ method: 'POST', path: '/files/', headers: { 'upload-length': length, ...headers } });
  expect(answer.status).toBe(201);
  const { pathname } = new URL(answer.headers.location ?? '');
  secrets.add(pathname.slice('/files/'.length));
  return pathname;
};

/** How far an upload is. */
export const offsetOf = async (path: string): Promise<number> =>
  Number((await tus({ method: 'HEAD', path })).headers['upload-offset']);

export interface Said {
  readonly status: number;
  readonly xml: string;
  /** The sentence of a descriptive error, or the fault's own. */
  readonly fault: string | null;
}

/** An answer as a SOAP client reads it. */
export const readSaid = ({ status, body }: Answer): Said => {
  const xml = body.toString();
  return { status, xml, fault: textOf(xml, 'Message') ?? textOf(xml, 'faultstring') };
};

/** Sends a SOAP message as it is given. */
export const post = async (message: string | Buffer, headers: Record<string, string> = {}): Promise<Said> =>
  readSaid(
    await ask(server.port, {
      method: 'POST',
      path: brightsignPath,
      headers: { ...soapHeaders, ...headers },
      body: Buffer.from(message),
    }),
  );

/** Calls an operation, by default as `account`. */
export const call = (body: string, who?: { login: string; password: string }): Promise<Said> =>
  post(envelope(body, who));

/** Remembers a token as something that must not be logged. */
export const secret = (text: string): string => {
  secrets.add(text);
  return text;
};

/** Sends `piece` again and again until the server answers, `most` bytes at most; gives the answer, and what was sent. */
export const flood = async (
  start: string,
  piece: string,
  { most }: { most: number },
): Promise<{ answer: string; sent: number }> => {
  const socket = await dial(server.url);
  let answered = false;
  const heard = socket.until(/^HTTP/).finally(() => {
    answered = true;
  });
  await socket.send(start);
  let sent = 0;
  for (; sent < most && !answered; sent += piece.length) {
    await Promise.race([socket.send(piece), heard]);
    // A write that the system takes at once lets nothing come in: the answer would wait for the last of them.
    await setImmediate();
  }
  if (!answered) socket.cut();
  return { answer: await socket.ended(), sent };
};

/** Opens a connection that a test's end must not leave behind. */
export const connection = (): Promise<RawSocket> => dial(server.url);

/** Sends the next piece of the innocent upload: others are served, whatever goes on. */
export const sendInnocent = async (): Promise<void> => {
  const { path, sent, content } = innocent;
  const next = content.subarray(sent, Math.min(sent + 8_000, content.length - 1));
  innocent.sent += next.length;
  const { status } = await tus({ method: 'PATCH', path, headers: chunkAt(sent), body: next });
  expect(status).toBe(204);
};

/**
 * Gives the tests of a file a server to attack. After each of them the server still takes the next piece of an innocent
 * upload; after all of them that upload comes to its end, the server's memory has not grown beyond bounds, its process is
 * the same, nothing was logged as an error, and no secret was logged.
 */
export const besiege = (): void => {
  let pid = 0;
  beforeAll(async () => {
    server = await startServer({ args: options });
    const { dataDir } = server;
    await longshore('user', 'add', stranger.login, '--password', stranger.password, '--data', dataDir);
    strangersKey =
      (await longshore('key', 'add', '--user', stranger.login, '--data', dataDir)).trim().split(/\s+/).at(-1) ?? '';
    secrets.add(server.key).add(strangersKey);
    innocent.path = await createUpload(innocent.content.length);
    innocent.sent = 0;
    // What a process takes to warm up is not counted.
    for (let count = 0; count < 20; count += 1) await Promise.all([sendInnocent(), call(getStatus('x'))]);
    pid = server.pid();
    memoryBefore = await memory();
  });
  afterEach(sendInnocent);
  afterAll(async () => {
    const { path, content, sent } = innocent;
    const rest = await tus({ method: 'PATCH', path, headers: chunkAt(sent), body: content.subarray(sent) });
    expect(rest.status).toBe(204);
    const file = await tus({ method: 'GET', path });
    expect(file.body.equals(content)).toBe(true);
    expect(server.pid()).toBe(pid);
    expect((await memory()) - memoryBefore).toBeLessThan(growth);
    expect(await server.stop()).toBe(0);
    for (const each of secrets) expect(server.printed()).not.toContain(each);
    expect(server.printed()).not.toContain('"level":50');
    await server.remove();
  });
};
