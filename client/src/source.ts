import { UploadError } from './errors.js';

/** Bytes in a buffer of their own, as requests take them. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** What a source is known by when an upload is taken up again; null where it cannot be known. */
export interface Fingerprint {
  readonly name: string | null;
  /** Bytes. */
  readonly size: number | null;
  /** Ms since 1970. */
  readonly lastModified: number | null;
}

/** Where an upload's bytes come from. */
export interface Source {
  readonly name: string | null;
  /** Media type. */
  readonly type: string | null;
  /** Ms since 1970. */
  readonly lastModified: number | null;
  /** Bytes; null until a stream's end is in sight. */
  readonly size: number | null;
  /** The bytes from `start` to before `end`; fewer where the source ends earlier. */
  bytes(start: number, end: number): Promise<Bytes>;
  /** The same as a request body that is read while it is sent; absent where bytes can be read only once, in order. */
  readonly body?: (start: number, end: number) => Blob | Bytes | ReadableStream<Bytes>;
  /** Bytes before `offset` will not be asked for again. */
  release(offset: number): void;
  /** Refuses (`changed`) where the source is visibly not what it was when it was opened. */
  unchanged(): Promise<void>;
  /** The SHA-1 of all bytes in hexadecimal, or null where it cannot be had within bounded memory. */
  sha1(): Promise<string | null>;
  /** Lets go of what the source holds open. */
  close(): Promise<void>;
}

/** What `upload` accepts. Streams are read once, in order; the rest can be read at will. */
export type UploadInput =
  | Source
  | Blob
  | ArrayBuffer
  | Uint8Array
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

// WebCrypto takes its input whole, so this bounds the memory spent on a digest.
const digestLimit = 64 * 1024 * 1024;

export const fingerprint = (source: Source): Fingerprint => ({
  name: source.name,
  size: source.body === undefined ? null : source.size,
  lastModified: source.lastModified,
});

/** Bytes in hexadecimal. */
export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The digest of `bytes`. Refuses where WebCrypto is missing: browsers have it on https pages and localhost only. */
export const digest = async (algorithm: 'SHA-1' | 'SHA-256', bytes: Bytes): Promise<Bytes> => {
  const { subtle } = globalThis.crypto;
  if (subtle === undefined) throw new UploadError('refused', 'Checksums need a secure page (https or localhost).');
  return new Uint8Array(await subtle.digest(algorithm, bytes));
};

/** A `Blob`, or a `File` with its name and date. */
export const fromBlob = (blob: Blob): Source => {
  const file = typeof File !== 'undefined' && blob instanceof File ? blob : undefined;
  const read = async (start: number, end: number): Promise<Bytes> => {
    try {
      return new Uint8Array(await blob.slice(start, end).arrayBuffer());
    } catch (cause) {
      throw new UploadError('changed', 'The file has changed or can no longer be read.', { cause });
    }
  };
  return {
    name: file?.name ?? null,
    type: blob.type === '' ? null : blob.type,
    lastModified: file?.lastModified ?? null,
    size: blob.size,
    bytes: read,
    body: (start, end) => blob.slice(start, end),
    release: () => undefined,
    // Browsers refuse to read a File that was changed on disk since it was chosen.
    unchanged: async () => void (await read(0, 1)),
    sha1: async () =>
      blob.size > digestLimit || globalThis.crypto.subtle === undefined
        ? null
        : hex(await digest('SHA-1', await read(0, blob.size))),
    close: async () => undefined,
  };
};

/** Bytes in memory; they are not copied and must not be written to until the upload has ended. */
export const fromBytes = (bytes: Bytes): Source => ({
  name: null,
  type: null,
  lastModified: null,
  size: bytes.length,
  bytes: async (start, end) => bytes.subarray(start, end),
  body: (start, end) => bytes.subarray(start, end),
  release: () => undefined,
  unchanged: async () => undefined,
  sha1: async () => (globalThis.crypto.subtle === undefined ? null : hex(await digest('SHA-1', bytes))),
  close: async () => undefined,
});

const isReadable = (input: object): input is ReadableStream<Uint8Array> => 'getReader' in input;

const own = (bytes: Uint8Array): Bytes =>
  bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);

interface Piece {
  readonly start: number;
  readonly bytes: Bytes;
}

/**
 * A stream, read once and in order. Bytes are kept from where they were last released, so memory is bounded by how far
 * its reader goes ahead of what it releases. One that is given again from its start skips what was released unread.
 */
export const fromStream = (stream: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>): Source => {
  const reader = isReadable(stream) ? stream.getReader() : undefined;
  const iterator = isReadable(stream) ? undefined : stream[Symbol.asyncIterator]();
  let pieces: Piece[] = [];
  let read = 0;
  let released = 0;
  let size: number | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const pull = async (): Promise<void> => {
    const next = await (reader?.read() ?? iterator?.next());
    if (next === undefined || next.done === true) {
      size = read;
      return;
    }
    const bytes = own(next.value);
    if (read + bytes.length > released) pieces.push({ start: read, bytes });
    read += bytes.length;
  };

  const take = async (start: number, end: number): Promise<Bytes> => {
    if (start < released) throw new UploadError('changed', `The stream was already read past byte ${start}.`);
    try {
      // Read past `end`, so that the end of the stream is known together with its last bytes.
      while (size === null && read <= end) await pull();
    } catch (cause) {
      throw new UploadError('changed', 'The stream failed.', { cause });
    }
    const result = new Uint8Array(Math.max(0, Math.min(end, read) - start));
    for (const piece of pieces) {
      const from = Math.max(start, piece.start);
      const to = Math.min(end, piece.start + piece.bytes.length);
      if (from < to) result.set(piece.bytes.subarray(from - piece.start, to - piece.start), from - start);
    }
    return result;
  };

  return {
    name: null,
    type: null,
    lastModified: null,
    get size() {
      return size;
    },
    bytes: (start, end) => {
      const taken = turn.then(() => take(start, end));
      turn = taken.catch(() => undefined);
      return taken;
    },
    release: (offset) => {
      released = Math.max(released, offset);
      pieces = pieces.filter((piece) => piece.start + piece.bytes.length > released);
    },
    unchanged: async () => undefined,
    sha1: async () => null,
    close: async () => {
      // Not awaited: an iterator that is asked to end waits for its next value, which may never come.
      Promise.resolve(reader?.cancel() ?? iterator?.return?.()).catch(() => undefined);
    },
  };
};

/** Any input as a `Source`. */
export const toSource = (input: UploadInput): Source => {
  if (input instanceof Blob) return fromBlob(input);
  if (input instanceof ArrayBuffer) return fromBytes(new Uint8Array(input));
  if (input instanceof Uint8Array) return fromBytes(own(input));
  if ('getReader' in input || Symbol.asyncIterator in input) return fromStream(input);
  return input;
};
