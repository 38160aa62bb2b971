import { crc32 } from './crc32.js';
import type { Dialect, Finished, Job, Transfer, UploadOptions, UploadState } from './dialect.js';
import { abortable, UploadError } from './errors.js';
import { refusal } from './http.js';
import { retrying } from './retry.js';
import { type Bytes, fingerprint } from './source.js';
import { type Element, find, readXml } from './xml.js';

/**
 * What an infoRouter upload may be told. `url` is the server's base address, or that of `srv.asmx`. Chunks go one after the other, for
 * the protocol gives them no place; `chunkSize` is a wish (256 KiB to 32 MiB), the server says which size it is.
 */
export interface InfoRouterOptions extends UploadOptions {
  /** The folder to put the document in, from its library down: `/Documents/Letters`. */
  readonly folder?: string;
  /** Makes what is missing of the folder, below its library; without it, it must be there. */
  readonly createFolder?: boolean;
  /** A comment on the version. */
  readonly comment?: string;
}

/** Bytes from 0 on, and their CRC-32. */
interface Stretch {
  readonly end: number;
  readonly crc: number;
}

/** Where an infoRouter upload stands. */
export interface InfoRouterState extends UploadState {
  readonly dialect: 'inforouter';
  /** The upload handler's GUID. */
  readonly handler: string | null;
  /** Bytes per chunk, as the server said. */
  readonly chunkSize: number;
  readonly confirmed: Stretch;
  /** What will be confirmed when the server has answered the chunk under way; it may have it already. */
  readonly sending: Stretch | null;
}

const nothing: Stretch = { end: 0, crc: 0 };
const defaultFolder = '/Documents';

const endpointOf = (options: InfoRouterOptions): string => {
  const url = new URL(options.url);
  if (!/\.asmx\/?$/i.test(url.pathname)) url.pathname = url.pathname.replace(/\/*$/, '/srv.asmx');
  return url.href.replace(/\/$/, '');
};

/** As the vendor's samples write it: upper case, no zeros before it. */
const hexOf = (crc: number): string => crc.toString(16).toUpperCase();

/** What the server answered no with; `code` is infoRouter's, ten times an HTTP status. */
class Refused extends UploadError {
  readonly code: string;
  constructor(operation: string, answer: Element) {
    const text = answer.attributes.get('error') ?? '';
    const code = answer.attributes.get('errorCode') ?? '';
    super('refused', `${operation}: ${text === '' ? 'the server gave no reason.' : text}`, {
      retryable: answer.attributes.get('tryagain') === 'true',
    });
    this.code = code;
  }
}

const isRefused = (error: unknown, pattern: RegExp): boolean => error instanceof Refused && pattern.test(error.message);
const ticketEnded = /\[901\]/;
const notFound = /cannot be found/i;
const isComplete = /already complete/i;
const folderMissing = /folder not found/i;
const folderThere = /already exists/i;

const transfer = (options: InfoRouterOptions, job: Job<InfoRouterState>): Transfer => {
  const { source, endpoint, meter, retry } = job;
  const name = options.fileName ?? source.name ?? 'upload.bin';
  const folder = (options.folder ?? defaultFolder).replace(/[/\\]+$/, '');
  const path = `${folder}/${name}`;
  const blank: InfoRouterState = {
    dialect: 'inforouter',
    endpoint,
    source: fingerprint(source),
    handler: null,
    chunkSize: options.chunkSize ?? 0,
    confirmed: nothing,
    sending: null,
  };
  let state = job.state ?? blank;
  const keep = (change: Partial<InfoRouterState>): void => {
    state = { ...state, ...change };
    job.keep(state);
  };

  type Parameters = Readonly<Record<string, string | number | boolean | Blob>>;
  const ask = async (operation: string, parameters: Parameters, signal: AbortSignal): Promise<Element> => {
    const body = new FormData();
    for (const [key, value] of Object.entries(parameters))
      if (value instanceof Blob) body.append(key, value, 'chunk');
      else body.append(key, String(value));
    const answer = await job.send({ method: 'POST', url: `${endpoint}/${operation}`, headers: {}, body, signal });
    const response = find(readXml(answer.text), 'response');
    if (answer.status >= 300) throw refusal(answer, operation);
    if (!response)
      throw new UploadError('refused', `${operation}: no answer of infoRouter; is this the right address?`);
    if (response.attributes.get('success') !== 'true') throw new Refused(operation, response);
    return response;
  };

  let ticket: string | undefined;
  const login = async (signal: AbortSignal): Promise<string> => {
    const answer = await retrying(retry, signal, () =>
      ask('AuthenticateUser', { UID: options.user ?? '', PWD: options.password ?? '' }, signal),
    );
    ticket = answer.attributes.get('ticket') ?? '';
    return ticket;
  };
  /** Asks with a ticket; with a new one where the old one has ended. */
  const call = async (operation: string, parameters: Parameters, signal: AbortSignal): Promise<Element> => {
    const withTicket = async () =>
      ask(operation, { AuthenticationTicket: ticket ?? (await login(signal)), ...parameters }, signal);
    try {
      return await withTicket();
    } catch (error) {
      if (!isRefused(error, ticketEnded)) throw error;
      ticket = undefined;
      return withTicket();
    }
  };
  const surely = (operation: string, parameters: Parameters, signal: AbortSignal): Promise<Element> =>
    retrying(retry, signal, () => call(operation, parameters, signal));

  const begin = async (signal: AbortSignal): Promise<string> => {
    const answer = await surely('CreateUploadHandler', { PreferedChunkSize: options.chunkSize ?? 0 }, signal);
    const handler = answer.attributes.get('UploadHandler');
    if (!handler) throw new UploadError('refused', 'CreateUploadHandler: the answer holds no UploadHandler.');
    const chunkSize = Number(answer.attributes.get('ChunkSize')) || 2 ** 20;
    keep({ handler, chunkSize, confirmed: nothing, sending: null });
    return handler;
  };

  const chunk = (handler: string, bytes: Bytes, last: boolean, signal: AbortSignal): Promise<Element> =>
    call(
      'UploadFileChunk',
      { UploadHandler: handler, FileChunk: new Blob([bytes]), ChunkHEXCRC: hexOf(crc32(bytes)), LastChunk: last },
      signal,
    );

  /**
   * What the server holds of a handler that was left in the middle. It is asked with a chunk of no bytes, which Longshore answers
   * with `bytesreceived`; nothing where a server does not say, or holds something else than was sent.
   */
  const standing = async (handler: string, signal: AbortSignal): Promise<Stretch | null> => {
    const { confirmed, sending } = state;
    try {
      const answer = await retrying(retry, signal, () => chunk(handler, new Uint8Array(0), false, signal));
      const end = Number(answer.attributes.get('bytesreceived') ?? Number.NaN);
      return [confirmed, sending].find((stretch) => stretch?.end === end) ?? null;
    } catch (error) {
      // The last chunk is sent again, which is told the checksum of the whole again.
      if (isRefused(error, isComplete)) return confirmed;
      if (isRefused(error, notFound)) return null;
      throw error;
    }
  };

  /** Goes on with the handler of an earlier run, or begins a new one. */
  const takeUp = async (signal: AbortSignal): Promise<string> => {
    const { handler } = state;
    if (handler === null) return begin(signal);
    const stretch = await standing(handler, signal);
    if (stretch !== null) {
      keep({ confirmed: stretch, sending: null });
      return handler;
    }
    await surely('DeleteUploadHandler', { UploadHandler: handler }, signal);
    return begin(signal);
  };

  /** Sends the next chunk; says whether it was the last. */
  const sendNext = async (handler: string, signal: AbortSignal): Promise<boolean> => {
    const from = state.confirmed.end;
    await source.unchanged();
    const bytes = await abortable(source.bytes(from, from + state.chunkSize), signal);
    const next = { end: from + bytes.length, crc: crc32(bytes, state.confirmed.crc) };
    const last = source.size !== null && next.end >= source.size;
    if (bytes.length === 0 && !last) throw new UploadError('changed', 'The source ended before its length.');
    keep({ sending: next });
    const answer = await chunk(handler, bytes, last, signal);
    const whole = answer.attributes.get('filehexcrc');
    if (last && whole !== undefined && Number.parseInt(whole, 16) !== next.crc)
      throw new UploadError('refused', 'The server holds other bytes than were sent: the checksums differ.');
    keep({ confirmed: next, sending: null });
    source.release(next.end);
    return last;
  };

  const sendAll = async (signal: AbortSignal): Promise<string> => {
    const lane = meter.lane();
    let taken: string | undefined;
    await retrying(retry, signal, async (progressed) => {
      // After any failure nobody knows whether the chunk arrived, so the server is asked again.
      const handler = await takeUp(signal);
      taken = handler;
      lane.begin(state.confirmed.end);
      for (let last = source.size !== null && state.confirmed.end >= source.size; !last; ) {
        last = await sendNext(handler, signal);
        lane.confirm(state.confirmed.end);
        progressed();
      }
    });
    return taken ?? '';
  };

  /** Sees to it that the folder is there. Another upload may make it at the same moment. */
  const needFolder = async (signal: AbortSignal): Promise<void> => {
    try {
      await surely('FolderExists', { Path: folder }, signal);
    } catch (error) {
      if (!isRefused(error, folderMissing)) throw error;
      await surely('CreateFolder', { Path: folder }, signal).catch((refused: unknown) => {
        if (!isRefused(refused, folderThere)) throw refused;
      });
    }
  };

  /** Is the document there already, since only the answer of an earlier commit was lost? */
  const isFiled = async (signal: AbortSignal): Promise<boolean> => {
    const answer = await surely('DocumentExists', { Path: path }, signal);
    return Number.parseInt(answer.attributes.get('CRC32LASTVERSION') ?? '', 16) === state.confirmed.crc;
  };

  const commit = async (handler: string, signal: AbortSignal): Promise<Finished> => {
    const parameters = { Path: path, UploadHandler: handler, VersionComments: options.comment ?? '' };
    let asked = 0;
    try {
      const answer = await retrying(retry, signal, () => {
        asked += 1;
        return call('UploadDocumentWithHandler1', parameters, signal);
      });
      const contentId = answer.attributes.get('DocumentId');
      return { size: state.confirmed.end, ...(contentId !== undefined && { contentId }) };
    } catch (error) {
      if (asked < 2 || !isRefused(error, notFound) || !(await isFiled(signal))) throw error;
      return { size: state.confirmed.end };
    }
  };

  return {
    run: async (signal) => {
      await source.unchanged();
      if (options.createFolder === true) await needFolder(signal);
      return commit(await sendAll(signal), signal);
    },
    cancel: async (signal) => {
      if (state.handler === null) return;
      const parameters = { UploadHandler: state.handler };
      await retrying({ ...retry, retries: 2 }, signal, () => call('DeleteUploadHandler', parameters, signal));
    },
  };
};

const isStretch = (value: unknown): value is Stretch =>
  typeof value === 'object' &&
  value !== null &&
  'end' in value &&
  'crc' in value &&
  Number.isSafeInteger(value.end) &&
  Number.isSafeInteger(value.crc);

const isState = (value: UploadState): value is InfoRouterState => {
  const { handler, chunkSize, confirmed, sending } = value as Partial<InfoRouterState>;
  return (
    (handler === null || typeof handler === 'string') &&
    Number.isSafeInteger(chunkSize) &&
    isStretch(confirmed) &&
    (sending === null || isStretch(sending))
  );
};

/** infoRouter's upload handlers: one document, its chunks in order, each with its checksum. */
export const inforouter: Dialect<InfoRouterOptions, InfoRouterState> = {
  name: 'inforouter',
  endpoint: endpointOf,
  headers: () => ({}),
  isState,
  open: transfer,
};
