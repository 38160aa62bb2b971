import type { Dialect, Finished, Job, Transfer, UploadOptions, UploadState } from './dialect.js';
import { abortable, UploadError } from './errors.js';
import { authorization } from './http.js';
import { inParallel } from './parallel.js';
import { contiguous, holds, include, type Range, total } from './ranges.js';
import { retrying } from './retry.js';
import { readResult, type Value, writeEnvelope } from './soap.js';
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

const path = '/Uploads/2014/07/SOAP/Basic/';
const namespaces = {
  service: 'https://api.brightsignnetwork.com/Uploads/2014/07/SOAP/',
  data: 'BSN.WebServices.Uploads.DTO.2014.07',
};
// States from which more bytes may follow, and those in which there are none left to send.
const open = new Set(['Unknown', 'Queued', 'Started', 'Uploading', 'Stopped']);
const full = new Set(['Uploaded', 'Verified']);

const endpointOf = (options: BrightSignOptions): string => {
  const url = new URL(options.url);
  if (!/\/SOAP\/Basic\/?$/i.test(url.pathname)) url.pathname = url.pathname.replace(/\/*$/, path);
  return url.href;
};

const transfer = (options: BrightSignOptions, job: Job<BrightSignState>): Transfer => {
  const { source, endpoint, meter, retry } = job;
  const chunkSize = options.chunkSize ?? 1024 * 1024;
  const login = options.user === undefined ? null : { user: options.user, password: options.password ?? '' };
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

  const ask = async (operation: string, parameters: Record<string, Value>, signal: AbortSignal): Promise<Element> => {
    const answer = await job.send({
      method: 'POST',
      url: endpoint,
      signal,
      headers: {
        'Content-Type': 'text/xml; charset=utf-8',
        SOAPAction: `"${namespaces.service}ContentUploadService/${operation}"`,
      },
      body: writeEnvelope(namespaces, login, operation, parameters),
    });
    return readResult(answer, operation);
  };
  const call = (operation: string, parameters: Record<string, Value>, signal: AbortSignal): Promise<Element> =>
    retrying(retry, signal, () => ask(operation, parameters, signal));

  /** The members in the vendor's order: its own stack drops what comes out of it. */
  const details = (token: string | null, sha1: string | null): Record<string, Value> => ({
    ...(source.size !== null && { ChunksCount: Math.ceil(source.size / chunkSize) }),
    ContentType: options.contentType ?? 'Auto',
    FileLastModifiedDate: source.lastModified === null ? null : new Date(source.lastModified).toISOString(),
    FileName: fileName,
    ...(source.size !== null && { FileSize: source.size }),
    FileThumb: null,
    SHA1Hash: sha1,
    SessionToken: null,
    UploadToken: token,
    VirtualPath: options.virtualPath ?? null,
  });

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
    let next = source.body === undefined ? contiguous(state.confirmed) : 0;
    await inParallel(options.parallel ?? 3, run, async (_, signal) => {
      for (;;) {
        const from = next;
        next += chunkSize;
        if (source.size !== null && from >= source.size) return;
        if (holds(state.confirmed, [from, Math.min(source.size ?? from + chunkSize, from + chunkSize)])) continue;
        await source.unchanged();
        const data = await abortable(source.bytes(from, from + chunkSize), signal);
        if (data.length === 0) return;
        const partNumber = Math.floor(from / chunkSize);
        await retrying(retry, signal, async () => {
          const parameters = { sessionToken: null, uploadToken: token, partNumber, data, offset: from };
          const taken = await ask('AppendChunk', parameters, signal);
          // `false` is the vendor's word for a write that failed on the server's side.
          if (taken.text.trim() !== 'true')
            throw new UploadError('refused', 'The server could not keep the bytes.', { retryable: true });
        });
        keep({ confirmed: include(state.confirmed, [from, from + data.length]) });
        lane.confirm(total(state.confirmed));
        source.release(contiguous(state.confirmed));
      }
    });
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
