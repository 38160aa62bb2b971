import { UploadError as Failure, type Finished, type UploadError } from '@longshore/client';
import { foldersOf, type Item, nameOf } from './item.js';
import { type Credentials, protocols } from './protocols.js';
import type { Waits } from './waits.js';

/** Where and as whom an upload is made. */
export interface Connection extends Credentials {
  readonly endpoint: string;
  readonly waits: Waits;
}

/** What a transfer tells while it runs. */
export interface Hearing {
  /** Bytes that the server has confirmed, and bytes per second. */
  progress(confirmed: number, speed: number): void;
  state(state: unknown): void;
  /** A failure that may pass; it is tried again after `wait` ms at most. */
  trying(error: UploadError, wait: number): void;
}

/** How often in a row the server may answer with trouble. No answer at all is waited out for as long as it takes. */
const patience = 12;

// A browser that may use its own credentials meets a 401 with a login dialog of its own.
const withoutDialog: typeof fetch = (input, init) => fetch(input, { ...init, credentials: 'omit' });

/** What stands for a file that is not here, where nothing of it is read. */
const absent = (item: Item) => {
  const nothing = () => Promise.reject(new Failure('changed', 'There is no file.'));
  return {
    name: nameOf(item),
    type: null,
    lastModified: item.lastModified,
    size: item.size,
    bytes: nothing,
    body: () => new Blob(),
    release: () => undefined,
    unchanged: nothing,
    sha1: async () => null,
    close: async () => undefined,
  };
};

const begin = (item: Item, { endpoint, waits, ...who }: Connection, signal: AbortSignal, hearing: Hearing) => {
  const { protocol, values } = item.target;
  let troubles = 0;
  let trouble: UploadError | undefined;
  const options = {
    url: endpoint,
    fetch: withoutDialog,
    signal,
    onProgress: ({ confirmed, speed }: { confirmed: number; speed: number }) => {
      if (confirmed > item.confirmed) troubles = 0;
      hearing.progress(confirmed, speed);
    },
    onState: hearing.state,
    onRetry: (error: UploadError, wait: number) => {
      troubles = error.kind === 'network' ? 0 : troubles + 1;
      trouble = error;
      hearing.trying(error, wait);
    },
    retry: {
      retries: Number.POSITIVE_INFINITY,
      sleep: async (ms: number, stop: AbortSignal) => {
        if (trouble !== undefined && troubles > patience) throw trouble;
        await waits.sleep(ms, stop);
      },
    },
  };
  const order = { ...who, source: item.file ?? absent(item), folders: foldersOf(item), values };
  const state = item.state ?? undefined;
  try {
    return protocols[protocol].begin({ ...order, options: { ...options, state } });
  } catch (error) {
    // What was kept belongs to another address of the server, or to a file that has changed since.
    if (state === undefined || !(error instanceof Failure) || error.kind !== 'changed') throw error;
    return protocols[protocol].begin({ ...order, options });
  }
};

/** Uploads `item.file`, from where it was left. Rejects with `UploadError`; with `aborted` when `signal` is given. */
export const send = (item: Item, connection: Connection, signal: AbortSignal, hearing: Hearing): Promise<Finished> =>
  begin(item, connection, signal, hearing).done;

const silent: Hearing = { progress: () => undefined, state: () => undefined, trying: () => undefined };

/** Has the server drop what it holds of `item`, by what was kept of it; its file is not needed. */
export const drop = async (item: Item, connection: Connection): Promise<void> => {
  if (item.state === null) return;
  const ended = begin(item, connection, AbortSignal.abort(), silent);
  ended.done.catch(() => undefined);
  await ended.cancel();
};
