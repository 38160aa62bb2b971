import { argumentsOf, endpointOf, openService, sendChunks } from './brightsign-service.js';
import type { Dialect, Finished, Job, Transfer, UploadOptions, UploadState } from './dialect.js';
import { abortable, UploadError } from './errors.js';
import { authorization } from './http.js';
import { type Range, total } from './ranges.js';
import { retrying } from './retry.js';
import type { Value } from './soap.js';
import { fingerprint } from './source.js';
import { type Element, textOf } from './xml.js';

/**
 * What a BrightSign upload may be told. `url` is the server's base address, or the address of the service itself;
 * `user` is `Account/login` and goes into the message; a key goes along as a Bearer token. `chunkSize` is 1 MiB and `parallel` is 3 without them.
 */
export interface BrightSignOptions extends UploadOptions {
  /** The folder in the library; `\Shared\Incoming\` without it. */
  readonly virtualPath?: string;
  /** What the content is; found out from the file's name without it. */
  readonly contentType?: 'Auto' | 'Image' | 'Video' | 'Audio' | 'WebPage';
}

/** Where a BrightSign upload stands. The protocol does not say which ranges it holds, so they are kept here. */
export interface BrightSignState extends UploadState {
  readonly dialect: 'brightsign';
  readonly token: string | null;
  /** Ranges the server has confirmed. */
  readonly confirmed: readonly Range[];
}

// States from which more bytes may follow, and those in which there are none left to send.
const open = new Set(['Unknown', 'Queued', 'Started', 'Uploading', 'Stopped']);
const full = new Set(['Uploaded', 'Verified']);

const transfer = (options: BrightSignOptions, job: Job<BrightSignState>): Transfer => {
  const { source, endpoint, meter, retry } = job;
  const service = openService(options, job);
  const { ask, call } = service;
  const chunkSize = options.chunkSize ?? 1024 * 1024;
  const fileName = options.fileName ?? source.name ?? 'upload.bin';
  let state: BrightSignState = job.state ?? {
    dialect: 'brightsign',
    endpoint,
    source: fingerprint(source),
    token: null,
    confirmed: [],
  };
  const keep = (change: Partial<BrightSignState>): void => {
    state = { ...state, ...change };
    job.keep(state);
  };

  const details = (token: string | null, sha1: string | null): Record<string, Value> =>
    argumentsOf({ ...options, source, fileName, chunkSize, token, sha1 });

  const start = async (signal: AbortSignal): Promise<string> => {
    const status = await call('StartFileUpload', { args: details(null, null) }, signal);
    const token = textOf(status, 'UploadToken');
    if (token === null) throw new UploadError('refused', 'StartFileUpload: the answer holds no UploadToken.');
    keep({ token, confirmed: [] });
    return token;
  };

  const finished = (status: Element): Finished => {
    const contentId = textOf(status, 'ContentId');
    return { size: source.size ?? 0, ...(contentId !== null && { contentId }) };
  };

  /** Sends every range that is not confirmed yet. */
  const append = async (token: string, run: AbortSignal): Promise<void> => {
    const lane = meter.lane();
    lane.begin(total(state.confirmed));
    const chunks = {
      ...{ source, token, chunkSize, parallel: options.parallel ?? 3 },
      confirmed: () => state.confirmed,
      confirm: (confirmed: readonly Range[]) => {
        keep({ confirmed });
        lane.confirm(total(confirmed));
      },
    };
    await sendChunks(service, chunks, run);
  };

  const complete = async (token: string, sha1: string | null, signal: AbortSignal): Promise<Finished> => {
    await source.unchanged();
    return finished(await call('CompleteFileUpload', { args: details(token, sha1) }, signal));
  };

  const sendAll = async (token: string, sha1: Promise<string | null>, signal: AbortSignal): Promise<Finished> => {
    await append(token, signal);
    return complete(token, await abortable(sha1, signal), signal);
  };

  return {
    run: async (signal) => {
      await source.unchanged();
      let token = state.token;
      let resumed = token !== null;
      const status = token === null ? undefined : await call('GetFileUploadStatus', { uploadToken: token }, signal);
      const standing = textOf(status, 'State') ?? '';
      if (status !== undefined && standing === 'Completed') return finished(status);
      // Computed while the bytes are sent; it is not asked for before they all are.
      const sha1 = source.sha1();
      sha1.catch(() => undefined);
      if (token === null || !(open.has(standing) || full.has(standing))) {
        token = await start(signal);
        resumed = false;
      }
      try {
        return await sendAll(token, sha1, signal);
      } catch (error) {
        // What an earlier run saw confirmed may be lost to the server; sending a range again harms nothing.
        if (!resumed || !(error instanceof UploadError) || error.kind !== 'refused') throw error;
        const now = await call('GetFileUploadStatus', { uploadToken: token }, signal);
        if (!open.has(textOf(now, 'State') ?? '')) throw error;
        keep({ confirmed: [] });
        return sendAll(token, sha1, signal);
      }
    },

    cancel: async (signal) => {
      if (state.token === null) return;
      const parameters = { uploadToken: state.token };
      await retrying({ ...retry, retries: 2 }, signal, () => ask('CancelFileUpload', parameters, signal));
    },
  };
};

const isState = (value: UploadState): value is BrightSignState => {
  const { token, confirmed } = value as Partial<BrightSignState>;
  return (
    (token === null || typeof token === 'string') &&
    Array.isArray(confirmed) &&
    confirmed.every((range: unknown) => Array.isArray(range) && range.length === 2 && range.every(Number.isSafeInteger))
  );
};

/** BrightSign's Content Upload by SOAP: one file, its chunks in any order and side by side. */
export const brightsign: Dialect<BrightSignOptions, BrightSignState> = {
  name: 'brightsign',
  endpoint: endpointOf,
  headers: ({ apiKey }) => (apiKey === undefined ? {} : authorization({ apiKey })),
  isState,
  open: transfer,
};
