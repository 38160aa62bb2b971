import { base64 } from './base64.js';
import type { Dialect, Finished, Job, Transfer, UploadOptions, UploadState } from './dialect.js';
import { abortable, UploadError } from './errors.js';
import { type Answer, authorization, type Request, refusal } from './http.js';
import { inParallel } from './parallel.js';
import type { Lane } from './progress.js';
import { retrying } from './retry.js';
import { type Bytes, digest, fingerprint } from './source.js';

/** What a tus upload may be told. `url` is the creation endpoint. Without `chunkSize` one request carries all bytes. */
export interface TusOptions extends UploadOptions {
  /** What `Upload-Metadata` says; `filename` and `filetype` are filled in where the source knows them. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Sends each chunk with its digest, so that the server refuses what was spoilt on the way. */
  readonly checksum?: 'sha1' | 'sha256';
  /**
   * Sizes each chunk to take about this many ms at the speed measured so far, from 256 KiB to `chunkSize` (64 MiB without
   * it): where a request's own progress cannot be seen, as in browsers, confirmed bytes then rise at this pace.
   */
  readonly pace?: number;
}

/** A part of the bytes with an upload resource of its own; `end` is null while a stream's end is not in sight. */
interface Part {
  readonly url: string | null;
  readonly start: number;
  readonly end: number | null;
}

/** Where a tus upload stands. */
export interface TusState extends UploadState {
  readonly dialect: 'tus';
  readonly parts: readonly Part[];
  /** The upload's URL, once the server has everything. */
  readonly finished: string | null;
  /** What `Upload-Expires` said last. */
  readonly expires: string | null;
}

const bounded = 8 * 1024 * 1024;
const slowest = 256 * 1024;
const fastest = 64 * 1024 * 1024;
// Up to here the bytes ride along with the creation: one round trip instead of two, and little to send again.
const small = 256 * 1024;
const gone = new Set([404, 410]);

/** The value of `Upload-Metadata`. Refuses keys that cannot be written there. */
export const uploadMetadata = (metadata: Readonly<Record<string, string>>): string =>
  Object.entries(metadata)
    .map(([key, value]) => {
      if (!/^[\x21-\x2b\x2d-\x7e]+$/.test(key))
        throw new UploadError(
          'refused',
          `"${key}" cannot be a metadata key: blanks, commas and other scripts may not.`,
        );
      return value === '' ? key : `${key} ${base64(value)}`;
    })
    .join(',');

const offsetOf = (answer: Answer, what: string): number => {
  const offset = Number(answer.headers.get('Upload-Offset') ?? Number.NaN);
  if (!Number.isSafeInteger(offset) || offset < 0)
    throw new UploadError('refused', `${what}: the answer has no Upload-Offset; is this a tus server?`);
  return offset;
};

/** Counts what is sent. Once the request is `over`, what is still pulled of its body goes nowhere and does not count. */
const counted = (body: ReadableStream<Bytes>, lane: Lane, over: AbortSignal): ReadableStream<Bytes> =>
  body.pipeThrough(
    new TransformStream<Bytes, Bytes>({
      transform: (bytes, out) => {
        if (over.aborted) return out.terminate();
        lane.send(bytes.length);
        out.enqueue(bytes);
      },
    }),
  );

const open = (options: TusOptions, job: Job<TusState>): Transfer => {
  const { source, endpoint, meter } = job;
  // Bytes that pass through memory (to be digested, or read from a stream only once) go in chunks of bounded size.
  const inMemory = options.checksum !== undefined || source.body === undefined;
  const unpaced = options.pace === undefined ? Number.POSITIVE_INFINITY : fastest;
  const chunkSize = options.chunkSize ?? (inMemory ? bounded : unpaced);
  /** Bytes of the next chunk. */
  const next = (): number => {
    if (options.pace === undefined) return chunkSize;
    const paced = (meter.now().speed * options.pace) / 1000;
    return Math.round(Math.min(chunkSize, Math.max(slowest, paced)));
  };
  const name = options.fileName ?? source.name;
  const metadata = uploadMetadata({
    ...(name !== null && { filename: name }),
    ...(source.type !== null && { filetype: source.type }),
    ...options.metadata,
  });
  const withMetadata: Record<string, string> = metadata === '' ? {} : { 'Upload-Metadata': metadata };
  let state: TusState = job.state ?? {
    dialect: 'tus',
    endpoint,
    source: fingerprint(source),
    parts: [],
    finished: null,
    expires: null,
  };

  const keep = (change: Partial<TusState>): void => {
    state = { ...state, ...change };
    job.keep(state);
  };
  const keepPart = (index: number, part: Part): void =>
    keep({ parts: state.parts.map((other, at) => (at === index ? part : other)) });

  const send = async (request: Omit<Request, 'headers'>, headers: Record<string, string>): Promise<Answer> => {
    const answer = await job.send({ ...request, headers: { 'Tus-Resumable': '1.0.0', ...headers } });
    const expires = answer.headers.get('Upload-Expires');
    if (expires !== null && expires !== state.expires) state = { ...state, expires };
    return answer;
  };

  const locationOf = (answer: Answer): string => {
    const location = answer.headers.get('Location');
    if (location === null)
      throw new UploadError('refused', 'The created upload has no Location; is this a tus server?');
    return new URL(location, endpoint).href;
  };

  const plan = (): Part[] => {
    const size = source.size;
    const lanes = size === null || source.body === undefined ? 1 : Math.min(options.parallel ?? 1, size);
    if (size === null || lanes <= 1) return [{ url: null, start: 0, end: size }];
    const each = Math.ceil(size / lanes);
    return Array.from({ length: Math.ceil(size / each) }, (_, index) => ({
      url: null,
      start: index * each,
      end: Math.min(size, (index + 1) * each),
    }));
  };

  /** What is known of a part's upload resource; `sized`: the server knows how long it will be. */
  interface Standing {
    readonly url: string;
    readonly offset: number;
    readonly sized: boolean;
  }

  const create = async (index: number, part: Part, signal: AbortSignal): Promise<Standing> => {
    // A first look at a stream tells the length of a short one.
    const first = source.body === undefined ? await abortable(source.bytes(0, chunkSize), signal) : undefined;
    const end = part.end ?? source.size;
    const length = end === null ? null : end - part.start;
    const partial = state.parts.length > 1;
    const rides =
      length !== null && length > 0 && length <= Math.min(small, chunkSize) && options.checksum === undefined;
    const body = rides
      ? (first ?? (await abortable(source.bytes(part.start, part.start + length), signal)))
      : undefined;
    const answer = await send(
      { method: 'POST', url: endpoint, signal, ...(body !== undefined && { body }) },
      {
        ...(length === null ? { 'Upload-Defer-Length': '1' } : { 'Upload-Length': String(length) }),
        ...(partial ? { 'Upload-Concat': 'partial' } : withMetadata),
        ...(rides && { 'Content-Type': 'application/offset+octet-stream' }),
      },
    );
    if (answer.status !== 201) throw refusal(answer, 'The upload could not be created');
    const url = locationOf(answer);
    keepPart(index, { ...part, url, end });
    // A server without creation-with-upload passes over the body and says nothing of an offset.
    const offset = rides && answer.headers.has('Upload-Offset') ? offsetOf(answer, 'The upload was created') : 0;
    return { url, offset, sized: length !== null };
  };

  const look = async (url: string, part: Part, signal: AbortSignal): Promise<Standing | undefined> => {
    const answer = await send({ method: 'HEAD', url, signal }, {});
    if (gone.has(answer.status)) return undefined;
    if (answer.status >= 300) throw refusal(answer, 'The upload could not be looked up');
    const length = answer.headers.get('Upload-Length');
    if (length !== null && part.end !== null && Number(length) !== part.end - part.start)
      throw new UploadError('changed', 'The server holds an upload of another size under this address.');
    return { url, offset: offsetOf(answer, 'The upload was looked up'), sized: length !== null };
  };

  const append = async (part: Part, at: Standing, lane: Lane, signal: AbortSignal): Promise<Standing> => {
    const from = part.start + at.offset;
    source.release(from);
    const to = Math.min(part.end ?? Number.POSITIVE_INFINITY, from + next());
    const bytes = inMemory ? await abortable(source.bytes(from, to), signal) : undefined;
    const length = bytes?.length ?? to - from;
    const body = bytes ?? source.body?.(from, to);
    const total = part.end ?? source.size;
    const announces = !at.sized && total !== null;
    const streams = body instanceof ReadableStream;
    const over = new AbortController();
    const answer = await send(
      {
        method: 'PATCH',
        url: at.url,
        signal,
        ...(body !== undefined && { body: streams ? counted(body, lane, over.signal) : body }),
      },
      {
        'Content-Type': 'application/offset+octet-stream',
        'Upload-Offset': String(at.offset),
        ...(streams && { 'Content-Length': String(length) }),
        ...(announces && { 'Upload-Length': String(total) }),
        ...(options.checksum !== undefined &&
          bytes !== undefined && {
            'Upload-Checksum': `${options.checksum} ${base64(await digest(options.checksum === 'sha1' ? 'SHA-1' : 'SHA-256', bytes))}`,
          }),
      },
    ).finally(() => over.abort());
    if (answer.status >= 300) throw refusal(answer, 'The bytes were not taken');
    const offset = offsetOf(answer, 'The bytes were sent');
    if (offset > at.offset + length || offset < at.offset)
      throw new UploadError('changed', 'The server counts other bytes than were sent; does somebody else write there?');
    if (offset === at.offset && length > 0)
      throw new UploadError('network', 'The server kept none of the bytes it answered for.');
    return { url: at.url, offset, sized: at.sized || announces };
  };

  const sendPart = (index: number, lane: Lane, signal: AbortSignal): Promise<void> =>
    retrying(job.retry, signal, async (progressed) => {
      const part = state.parts[index];
      if (part === undefined) throw new RangeError(`No part ${index}`);
      await source.unchanged();
      const known = part.url === null ? undefined : await look(part.url, part, signal);
      let at = known ?? (await create(index, part, signal));
      lane.begin(at.offset);
      const end = (): number | null => {
        const last = part.end ?? source.size;
        return last === null ? null : last - part.start;
      };
      while (!at.sized || at.offset !== end()) {
        at = await append(part, at, lane, signal);
        lane.confirm(at.offset);
        progressed();
        keep({});
      }
    });

  const concatenate = (signal: AbortSignal): Promise<string> =>
    retrying(job.retry, signal, async () => {
      const urls = state.parts.map((part) => part.url).join(' ');
      const answer = await send(
        { method: 'POST', url: endpoint, signal },
        { 'Upload-Concat': `final;${urls}`, ...withMetadata },
      );
      if (answer.status !== 201) throw refusal(answer, 'The parts could not be joined');
      return locationOf(answer);
    });

  /** Is there anything under that address? */
  const stands = (url: string, signal: AbortSignal): Promise<boolean> =>
    retrying(job.retry, signal, async () => {
      const answer = await send({ method: 'HEAD', url, signal }, {});
      if (gone.has(answer.status)) return false;
      if (answer.status >= 300) throw refusal(answer, 'The upload could not be looked up');
      return true;
    });

  return {
    run: async (signal): Promise<Finished> => {
      if (state.finished !== null && !(await stands(state.finished, signal)))
        state = { ...state, parts: [], finished: null };
      if (state.parts.length === 0) state = { ...state, parts: plan() };
      const lanes = state.parts.map(() => meter.lane());
      if (state.finished === null) {
        await inParallel(lanes.length, signal, async (index, stop) => {
          const lane = lanes[index];
          if (lane !== undefined) await sendPart(index, lane, stop);
        });
        await source.unchanged();
        const only = state.parts.length === 1 ? state.parts[0]?.url : undefined;
        keep({ finished: only ?? (await concatenate(signal)) });
      } else {
        lanes[0]?.begin(source.size ?? 0);
      }
      const size = source.size ?? 0;
      const { finished, expires } = state;
      return { size, ...(finished !== null && { url: finished }), ...(expires !== null && { expires }) };
    },

    cancel: async (signal) => {
      const urls = new Set([state.finished, ...state.parts.map((part) => part.url)]);
      for (const url of urls) {
        if (url === null) continue;
        await retrying({ ...job.retry, retries: 2 }, signal, async () => {
          const answer = await send({ method: 'DELETE', url, signal }, {});
          if (answer.status >= 300 && !gone.has(answer.status))
            throw refusal(answer, 'The upload could not be cancelled');
        });
      }
    },
  };
};

const isState = (value: UploadState): value is TusState => {
  const { parts, finished, expires } = value as Partial<TusState>;
  return (
    Array.isArray(parts) &&
    parts.every(
      (part: Partial<Part>) =>
        (part.url === null || typeof part.url === 'string') &&
        typeof part.start === 'number' &&
        (part.end === null || typeof part.end === 'number'),
    ) &&
    finished !== undefined &&
    expires !== undefined
  );
};

/** tus 1.0: creation (with upload, with deferred length), checksum, concatenation, expiration, termination. */
export const tus: Dialect<TusOptions, TusState> = {
  name: 'tus',
  endpoint: (options) => new URL(options.url).href,
  headers: (options) => authorization(options),
  isState,
  open,
};
