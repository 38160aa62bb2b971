import type { Dialect, Finished, Job, Transfer, UploadOptions, UploadState } from './dialect.js';
import { abortable, UploadError } from './errors.js';
import { type Answer, authorization, type Request, refusal } from './http.js';
import { retrying } from './retry.js';
import { fingerprint } from './source.js';

/**
 * What an InterFAX upload may be told. `url` is the server's base address. The file is uploaded in chunks of at most 1 MiB, one after
 * the other, and then faxed; its name tells its type. It has at most 20 MiB.
 */
export interface InterfaxOptions extends UploadOptions {
  /** Whom to fax it to: `+44 20 7946 0123`. */
  readonly fax: string;
  /** The recipient's name. */
  readonly contact?: string;
  /** For the sender alone, at most 60 characters; by which the fax is found again where an answer was lost. */
  readonly reference?: string;
  readonly pageSize?: 'A4' | 'Letter' | 'Legal' | 'B4';
  readonly pageOrientation?: 'Portrait' | 'Landscape';
  readonly resolution?: 'Standard' | 'Fine';
}

/** Where an InterFAX upload stands. How many bytes there are the server says itself. */
export interface InterfaxState extends UploadState {
  readonly dialect: 'interfax';
  /** The document's URL. */
  readonly document: string | null;
  /** It was asked to be faxed; the answer may be lost. */
  readonly faxing: boolean;
}

const mostChunk = 2 ** 20;
const mostBytes = 20 * 2 ** 20;

const endpointOf = (options: InterfaxOptions): string => new URL(options.url).href.replace(/\/+$/, '');

const idOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

/** The answer's JSON, as far as it is an object or a list of them. */
const readJson = (answer: Answer, what: string): Record<string, unknown>[] => {
  try {
    const value: unknown = JSON.parse(answer.text);
    return [value].flat().filter((each): each is Record<string, unknown> => typeof each === 'object' && each !== null);
  } catch (cause) {
    throw new UploadError('refused', `${what}: no answer of InterFAX; is this the right address?`, { cause });
  }
};

const locationOf = (answer: Answer, endpoint: string, what: string): string => {
  if (answer.status >= 300) throw refusal(answer, what);
  const location = answer.headers.get('Location');
  if (location === null) throw new UploadError('refused', `${what}: the answer has no Location; is this InterFAX?`);
  return new URL(location, endpoint).href;
};

const transfer = (options: InterfaxOptions, job: Job<InterfaxState>): Transfer => {
  const { source, endpoint, meter, retry } = job;
  const name = options.fileName ?? source.name ?? 'upload.txt';
  const chunkSize = Math.min(mostChunk, options.chunkSize ?? mostChunk);
  let state: InterfaxState = job.state ?? {
    dialect: 'interfax',
    endpoint,
    source: fingerprint(source),
    document: null,
    faxing: false,
  };
  const keep = (change: Partial<InterfaxState>): void => {
    state = { ...state, ...change };
    job.keep(state);
  };
  const ask = (method: string, url: string, signal: AbortSignal, more: Partial<Request> = {}): Promise<Answer> =>
    job.send({ method, url, headers: {}, signal, ...more });

  /** The source's size. That of a stream is known when it has been read. */
  const sized = async (signal: AbortSignal): Promise<number> => {
    if (source.size === null) await abortable(source.bytes(0, mostBytes), signal);
    if (source.size === null) throw new UploadError('refused', 'A fax has at most 20 MiB.');
    return source.size;
  };

  const create = async (size: number, signal: AbortSignal): Promise<string> => {
    const query = new URLSearchParams({ size: String(size), name });
    const answer = await ask('POST', `${endpoint}/outbound/documents?${query}`, signal);
    const document = locationOf(answer, endpoint, 'The document could not be created');
    keep({ document, faxing: false });
    return document;
  };

  /** How many bytes of the document are there; undefined where there is none (any longer). */
  const standing = async (document: string, size: number, signal: AbortSignal): Promise<number | undefined> => {
    const answer = await ask('GET', document, signal);
    if (answer.status === 404) return undefined;
    if (answer.status >= 300) throw refusal(answer, 'The document could not be looked up');
    const [{ fileSize, uploaded } = {}] = readJson(answer, 'The document was looked up');
    if (fileSize !== size) throw new UploadError('changed', 'The server holds a document of another size.');
    return Number(uploaded);
  };

  const sendChunk = async (
    document: string,
    { from, size }: { from: number; size: number },
    signal: AbortSignal,
  ): Promise<number> => {
    const to = Math.min(size, from + chunkSize);
    await source.unchanged();
    const body = await abortable(source.bytes(from, to), signal);
    if (body.length < to - from) throw new UploadError('changed', 'The source ended before its length.');
    const headers = { Range: `bytes=${from}-${to - 1}`, 'Content-Type': 'application/octet-stream' };
    const answer = await ask('POST', document, signal, { headers, body });
    if (answer.status >= 300) throw refusal(answer, 'The bytes were not taken');
    return to;
  };

  /** Uploads what the server has not; gives the document, or nothing where it was faxed already. */
  const sendAll = async (size: number, signal: AbortSignal): Promise<string | undefined> => {
    const lane = meter.lane();
    return retrying(retry, signal, async (progressed) => {
      const known = state.document === null ? undefined : await standing(state.document, size, signal);
      if (known === undefined && state.faxing) {
        lane.begin(size);
        return undefined;
      }
      const document = known === undefined || state.document === null ? await create(size, signal) : state.document;
      let reached = known ?? 0;
      lane.begin(reached);
      while (reached < size) {
        reached = await sendChunk(document, { from: reached, size }, signal);
        lane.confirm(reached);
        progressed();
      }
      return document;
    });
  };

  const referenceFor = (document: string): string => (options.reference ?? idOf(document)).slice(0, 60);

  /** The fax that was made of a document when the answer was lost. */
  const search = async (document: string, signal: AbortSignal): Promise<string> => {
    const query = new URLSearchParams({ reference: referenceFor(document), faxNumber: options.fax, limit: '1' });
    const answer = await ask('GET', `${endpoint}/outbound/search?${query}`, signal);
    if (answer.status >= 300) throw refusal(answer, 'The fax could not be looked up');
    const [{ uri } = {}] = readJson(answer, 'The fax was looked up');
    if (typeof uri !== 'string')
      throw new UploadError('refused', 'The document is gone, and no fax was made of it; was it cancelled?');
    return uri;
  };

  /** Has the document faxed, once: it is for a single use, so that one that is gone was faxed by an earlier attempt. */
  const fax = (document: string, signal: AbortSignal): Promise<string> =>
    retrying(retry, signal, async () => {
      const { contact, pageSize, pageOrientation, resolution } = options;
      const said = { contact, pageSize, pageOrientation, resolution, reference: referenceFor(document) };
      const query = new URLSearchParams({ faxNumber: options.fax });
      for (const [key, value] of Object.entries(said)) if (value !== undefined) query.set(key, value);
      const isAgain = state.faxing;
      keep({ faxing: true });
      const headers = { 'Content-Location': document };
      const answer = await ask('POST', `${endpoint}/outbound/faxes?${query}`, signal, { headers });
      if (answer.status === 404 && isAgain) return search(document, signal);
      return locationOf(answer, endpoint, 'The document could not be faxed');
    });

  return {
    run: async (signal): Promise<Finished> => {
      await source.unchanged();
      const size = await sized(signal);
      const document = await sendAll(size, signal);
      const earlier = state.document ?? '';
      const url =
        document === undefined
          ? await retrying(retry, signal, () => search(earlier, signal))
          : await fax(document, signal);
      return { size, url, contentId: idOf(url) };
    },
    cancel: async (signal) => {
      const { document } = state;
      if (document === null) return;
      await retrying({ ...retry, retries: 2 }, signal, async () => {
        const answer = await ask('DELETE', document, signal);
        if (answer.status >= 300 && answer.status !== 404) throw refusal(answer, 'The document could not be cancelled');
      });
    },
  };
};

const isState = (value: UploadState): value is InterfaxState => {
  const { document, faxing } = value as Partial<InterfaxState>;
  return (document === null || typeof document === 'string') && typeof faxing === 'boolean';
};

/** InterFAX's REST documents: chunks in order, taken up where the server says it stands; then the fax. */
export const interfax: Dialect<InterfaxOptions, InterfaxState> = {
  name: 'interfax',
  endpoint: endpointOf,
  headers: (options) => authorization(options),
  isState,
  open: transfer,
};
