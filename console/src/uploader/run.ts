import { type Finished, UploadError } from '@longshore/client';
import { ApiError } from '../server/request.js';
import { words } from '../words/en.js';
import { duration } from '../words/format.js';
import type { Files } from './files.js';
import type { Item, ProtocolName } from './item.js';
import type { List } from './list.js';
import type { Credentials } from './protocols.js';
import type { Speedometer } from './totals.js';
import { type Connection, drop, send } from './transfer.js';
import type { Waits } from './waits.js';

/** What a run needs of the page. */
export interface Server {
  /** Rejects with `ApiError`. */
  credentials(): Promise<Credentials>;
  endpoint(protocol: ProtocolName): string | undefined;
  /** Whether the session still stands; its keys are made anew then. Rejects with `ApiError` where the server does not answer. */
  renew(): Promise<boolean>;
}

/** What runs share. */
export interface Shared {
  readonly list: List;
  readonly files: Files;
  readonly server: Server;
  readonly waits: Waits;
  readonly meter: Speedometer;
}

const texts = words.uploader;

/** Ms between two questions for a key that the server does not answer. */
const asking = 5000;

const mayPass = (error: unknown): boolean => error instanceof ApiError && (error.status === 0 || error.status >= 500);

/** Whether there is nobody now who may do it; somebody may log in again. */
const isOfSession = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 401 || error.kind === 'csrf');

const offline = (): string => (navigator.onLine ? texts.noAnswer : texts.offline);

/** Where and as whom the item is uploaded; waits for as long as the server does not answer. */
const connect = async (item: Item, { list, server, waits }: Shared, signal: AbortSignal): Promise<Connection> => {
  const { protocol } = item.target;
  for (;;) {
    try {
      const credentials = await server.credentials();
      // Somebody else may have logged in meanwhile.
      if (credentials.account !== item.account) throw new ApiError(401, words.session.ended);
      const endpoint = server.endpoint(protocol);
      if (endpoint === undefined) throw new UploadError('refused', texts.notSpoken(texts.protocols[protocol].title));
      return { ...credentials, endpoint, waits };
    } catch (error) {
      if (!mayPass(error)) throw error;
      list.show(item, { phase: 'trying', note: offline() });
      await waits.sleep(asking, signal);
    }
  }
};

/** The file is another one by now: the server drops what it has of the old one, and the next run begins with the new one. */
const outdate = async (item: Item, { list, server, waits }: Shared): Promise<void> => {
  list.change(item, { phase: 'failed', note: texts.changed, speed: 0 });
  const endpoint = server.endpoint(item.target.protocol);
  try {
    if (endpoint !== undefined) await drop(item, { ...(await server.credentials()), endpoint, waits });
  } catch {
    // It expires by itself.
  }
  list.change(item, { state: null, confirmed: 0, file: null });
};

/** Comes by the item's file. False where it cannot be had now: the item says why. */
const findFile = async (item: Item, shared: Shared): Promise<boolean> => {
  const { list, files } = shared;
  const file = await files.find(item);
  if (typeof file === 'string') {
    list.change(item, { phase: file, note: '' });
    return false;
  }
  const { size, lastModified } = file;
  if ((size !== item.size || lastModified !== item.lastModified) && item.state !== null) {
    await outdate(item, shared);
    return false;
  }
  list.change(item, { file, size, lastModified });
  return true;
};

const finish = (item: Item, { url }: Finished, { list, meter }: Shared): void => {
  meter.add(Math.max(0, item.size - item.confirmed), performance.now());
  list.change(item, {
    ...{ phase: 'done', confirmed: item.size, speed: 0, note: '', url: url ?? null },
    // The page lives long, and so would what the browser holds for the file.
    file: null,
  });
};

/** Whether the item failed because of its session, and is to go on with a new key, or when somebody has logged in again. */
const endedWithSession = async (error: UploadError, began: string, { server }: Shared): Promise<boolean> => {
  if (error.kind !== 'refused') return false;
  try {
    if (!(await server.renew())) return true;
    // The key has ended and the session has not.
    return error.status === 401 && (await server.credentials()).key !== began;
  } catch {
    return true;
  }
};

const fail = async (item: Item, error: unknown, key: string, shared: Shared): Promise<void> => {
  const { list } = shared;
  if (isOfSession(error)) return list.change(item, { phase: 'waiting', speed: 0 });
  if (!(error instanceof UploadError)) {
    const note = error instanceof Error ? error.message : String(error);
    return list.change(item, { phase: 'failed', note, speed: 0 });
  }
  if (await endedWithSession(error, key, shared)) return list.change(item, { phase: 'waiting', speed: 0, note: '' });
  if (error.kind === 'changed') return outdate(item, shared);
  list.change(item, { phase: 'failed', note: error.message, speed: 0 });
};

/** Uploads an item until it is over, cannot go on, or `signal` is given: then it is left as whoever gave the signal made it. */
export const run = async (item: Item, shared: Shared, signal: AbortSignal): Promise<void> => {
  const { list, meter } = shared;
  list.change(item, { phase: 'running', note: '' });
  let key = '';
  // Whoever stops it has put it into another phase, sometimes a moment before.
  const isLive = (): boolean => !signal.aborted && (item.phase === 'running' || item.phase === 'trying');
  try {
    if (!(await findFile(item, shared)) || signal.aborted) return;
    const connection = await connect(item, shared, signal);
    if (signal.aborted) return;
    key = connection.key;
    // What the server held before counts, but not as speed.
    let counts = item.state === null;
    const finished = await send(item, connection, signal, {
      state: (state) => list.change(item, { state }),
      progress: (confirmed, speed) => {
        if (counts) meter.add(Math.max(0, confirmed - item.confirmed), performance.now());
        counts = true;
        if (isLive()) list.show(item, { phase: 'running', note: '', confirmed, speed });
      },
      trying: (error, wait) => {
        const note = error.kind === 'network' ? offline() : texts.trouble(error.message, duration(wait / 1000));
        if (isLive()) list.show(item, { phase: 'trying', note, speed: 0 });
      },
    });
    finish(item, finished, shared);
  } catch (error) {
    if (isLive()) await fail(item, error, key, shared);
  }
};

/** Has the server drop what it holds of an item; asks again and again while there is no answer. Leaves it as it is where its account is not there any more. */
export const cancelOnServer = async (item: Item, shared: Shared): Promise<void> => {
  const { list, waits } = shared;
  const never = new AbortController().signal;
  for (;;) {
    try {
      if (item.state !== null) await drop(item, await connect(item, shared, never));
      return list.change(item, { phase: 'cancelled', note: '', state: null, confirmed: 0 });
    } catch (error) {
      if (isOfSession(error)) return;
      if (!(error instanceof UploadError) || error.kind !== 'network')
        return list.change(item, { phase: 'cancelled', note: texts.notDropped, state: null, confirmed: 0 });
      list.show(item, { note: offline() });
      await waits.sleep(asking, never);
    }
  }
};
