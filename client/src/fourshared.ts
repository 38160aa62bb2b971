import type { Dialect, Finished, Job, Transfer, UploadOptions, UploadState } from './dialect.js';
import { abortable, mayPass, UploadError } from './errors.js';
import { refusal } from './http.js';
import { md5 } from './md5.js';
import type { Range } from './ranges.js';
import { retrying } from './retry.js';
import { sendRanges } from './send-ranges.js';
import { fingerprint } from './source.js';
import { type Element, escapeXml, find, readXml, textOf } from './xml.js';

/**
 * What a 4shared upload may be told. `url` is the server's base address, or that of a `DesktopApp` service; `user` and
 * `password` go into every call. `chunkSize` is 4 MiB and `parallel` is 3 without them.
 */
export interface FourSharedOptions extends UploadOptions {
  /** The folder to put the file in, from the root down: `Films/2026`. What is missing of it is made. The root without it. */
  readonly folder?: string;
}

/** Where a 4shared upload stands. The protocol does not say which parts it holds, so they are kept here. */
export interface FourSharedState extends UploadState {
  readonly dialect: '4shared';
  /** The file's id. */
  readonly file: number | null;
  /** Ranges the server has confirmed. */
  readonly confirmed: readonly Range[];
}

type Argument = string | number;

const namespace = 'http://api.soap.shared.pmstation.com/';
const root = -1;
/** What a folder that cannot be made is answered with, since there is one of that name. */
const taken = -1;
/** Bytes that are read at once for the digest. */
const piece = 1024 * 1024;

const endpointOf = (options: FourSharedOptions): string => {
  const url = new URL(options.url);
  if (!/\/DesktopApp\/?$/i.test(url.pathname)) url.pathname = url.pathname.replace(/\/*$/, '/jax3/DesktopApp');
  return url.href.replace(/\/$/, '');
};

const envelope = (operation: string, args: readonly Argument[]): Blob =>
  new Blob([
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>',
    `<t:${operation} xmlns:t="${namespace}">`,
    ...args.map((argument, n) => `<arg${n}>${escapeXml(String(argument))}</arg${n}>`),
    `</t:${operation}></e:Body></e:Envelope>`,
  ]);

/** The value of an input in the page that answers a part. */
const inputOf = (html: string, id: string): string | undefined =>
  new RegExp(`id="${id}" value="([^"]*)"`).exec(html)?.[1];

const transfer = (options: FourSharedOptions, job: Job<FourSharedState>): Transfer => {
  const { source, endpoint, meter, retry } = job;
  const chunkSize = options.chunkSize ?? 4 * 1024 * 1024;
  const { user, password = '' } = options;
  if (user === undefined) throw new UploadError('refused', '4shared wants a user and a password.');
  const name = options.fileName ?? source.name ?? 'upload.bin';
  let state: FourSharedState = job.state ?? {
    dialect: '4shared',
    endpoint,
    source: fingerprint(source),
    file: null,
    confirmed: [],
  };
  const keep = (change: Partial<FourSharedState>): void => {
    state = { ...state, ...change };
    job.keep(state);
  };

  const ask = async (operation: string, args: readonly Argument[], signal: AbortSignal): Promise<Element> => {
    const headers = { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: '""' };
    const answer = await job.send({ method: 'POST', url: endpoint, signal, headers, body: envelope(operation, args) });
    const document = readXml(answer.text);
    const fault = find(document, 'Fault');
    const reason = textOf(fault, 'faultstring') ?? 'The server gave no reason.';
    // A fault with a detail is the vendor's own no; one without is a server in trouble.
    const retryable = find(document, 'ApiException') === undefined;
    if (fault) throw new UploadError('refused', `${operation}: ${reason}`, { status: answer.status, retryable });
    if (answer.status >= 300) throw refusal(answer, operation);
    const response = find(document, `${operation}Response`);
    if (!response) throw new UploadError('refused', `${operation}: no answer of 4shared; is this the right address?`);
    return find(response, 'return') ?? response;
  };
  const call = (operation: string, args: readonly Argument[], signal: AbortSignal): Promise<Element> =>
    retrying(retry, signal, () => ask(operation, [user, password, ...args], signal));
  const text = async (operation: string, args: readonly Argument[], signal: AbortSignal): Promise<string> =>
    (await call(operation, args, signal)).text.trim();

  /** The id of a folder by its name; undefined where there is none. */
  const child = async (at: number, name: string, signal: AbortSignal): Promise<string | undefined> => {
    const { children } = await call('getItems', [at], signal);
    const isIt = (item: Element) =>
      textOf(item, 'directory') === 'true' && textOf(item, 'name')?.toLowerCase() === name.toLowerCase();
    const found = children.find(isIt);
    return found && (textOf(found, 'id') ?? undefined);
  };

  /** The id of the folder to upload to; what is missing of it is made. */
  const folder = async (signal: AbortSignal): Promise<number> => {
    let at = root;
    for (const each of (options.folder ?? '').split(/[/\\]+/).filter((part) => part !== '')) {
      let id = (await child(at, each, signal)) ?? (await text('createNewFolder', [at, each], signal));
      // Another upload has made it meanwhile, or the answer to this one's own request was lost.
      if (Number(id) === taken) id = (await child(at, each, signal)) ?? id;
      at = Number(id);
      if (!(at > 0)) throw new UploadError('refused', `The folder ${each} cannot be made.`);
    }
    return at;
  };

  const start = async (signal: AbortSignal): Promise<number> => {
    const { size } = source;
    if (size === null) throw new UploadError('refused', '4shared wants the size of a file before its bytes.');
    const file = Number(await text('uploadStartFile', [await folder(signal), name, size], signal));
    if (!(file > 0))
      throw new UploadError('refused', 'The server does not take the file: no space, too large, or its name.');
    keep({ file, confirmed: [] });
    return file;
  };

  /** Where parts are posted, with a new session key. */
  const formUrl = async (signal: AbortSignal): Promise<string> => {
    const key = await text('createUploadSessionKey', [root], signal);
    const center = Number(await text('getNewFileDataCenter', [], signal));
    const url = await retrying(retry, signal, async () =>
      (await ask('getUploadFormUrl', [center, key], signal)).text.trim(),
    );
    if (!/^http/i.test(url)) throw new UploadError('refused', 'The server gives no address to upload to.');
    return url;
  };

  const digest = async (signal: AbortSignal): Promise<string> => {
    const sum = md5();
    for (let at = 0; at < (source.size ?? 0); at += piece)
      sum.update(await abortable(source.bytes(at, Math.min(at + piece, source.size ?? 0)), signal));
    return sum.hex();
  };

  const post = async (url: string, file: number, range: Range, signal: AbortSignal): Promise<void> => {
    const bytes = await abortable(source.bytes(...range), signal);
    const body = new FormData();
    body.append('resumableFileId', String(file));
    body.append('resumableFirstByte', String(range[0]));
    body.append('FilePart', new Blob([bytes]), 'FilePart');
    const answer = await job.send({ method: 'POST', url, headers: {}, body, signal });
    if (answer.status < 300) return;
    const reason = inputOf(answer.text, 'alert') ?? `the server answered ${answer.status}.`;
    throw new UploadError('refused', `The part was not taken: ${reason}`, {
      status: answer.status,
      retryable: mayPass(answer.status),
    });
  };

  /** Sends every part that is not confirmed yet. */
  const sendParts = async (file: number, run: AbortSignal): Promise<void> => {
    let url = formUrl(run);
    // Who waits for it first is told; nobody may wait for it at all.
    url.catch(() => undefined);
    await sendRanges(
      {
        source,
        size: source.size ?? 0,
        chunkSize,
        parallel: options.parallel ?? 3,
        lane: meter.lane(),
        confirmed: state.confirmed,
        confirm: (confirmed) => keep({ confirmed }),
        send: (range, signal) =>
          retrying(retry, signal, async () => {
            const at = url;
            try {
              await post(await at, file, range, signal);
            } catch (error) {
              if (!(error instanceof UploadError) || error.status !== 403) throw error;
              // The session key has ended, which happens after a long pause.
              if (url === at) url = formUrl(signal);
              await post(await url, file, range, signal);
            }
          }),
      },
      run,
    );
  };

  const finished = (file: number): Finished => ({ size: source.size ?? 0, contentId: String(file) });

  return {
    run: async (signal) => {
      await source.unchanged();
      // Computed while the bytes are sent; a stream can be read only once.
      const sum = source.body === undefined ? Promise.resolve('') : digest(signal);
      sum.catch(() => undefined);
      let file = state.file;
      let resumed = file !== null;
      if (file !== null && (await text('uploadStartedFileExists', [file], signal)) !== 'true') {
        // Finished, and only the answer was lost; or it has expired.
        const last = await text('uploadFinishFile', [file, await abortable(sum, signal)], signal);
        if (last === '') return finished(file);
        file = null;
        resumed = false;
      }
      file ??= await start(signal);
      for (;;) {
        await sendParts(file, signal);
        await source.unchanged();
        const message = await text('uploadFinishFile', [file, await abortable(sum, signal)], signal);
        if (message === '') return finished(file);
        // What an earlier run saw confirmed may be lost to the server; sending a range again harms nothing.
        if (!resumed) throw new UploadError('refused', message);
        resumed = false;
        keep({ confirmed: [] });
      }
    },
    cancel: async (signal) => {
      if (state.file === null) return;
      const { file } = state;
      await retrying({ ...retry, retries: 2 }, signal, () => ask('uploadCancelFile', [user, password, file], signal));
    },
  };
};

const isState = (value: UploadState): value is FourSharedState => {
  const { file, confirmed } = value as Partial<FourSharedState>;
  return (
    (file === null || Number.isSafeInteger(file)) &&
    Array.isArray(confirmed) &&
    confirmed.every((range: unknown) => Array.isArray(range) && range.length === 2 && range.every(Number.isSafeInteger))
  );
};

/** 4shared's drive: one file, its parts by forms, in any order and side by side. */
export const fourshared: Dialect<FourSharedOptions, FourSharedState> = {
  name: '4shared',
  endpoint: endpointOf,
  headers: () => ({}),
  isState,
  open: transfer,
};
