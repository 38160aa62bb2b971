import type { UploadOptions } from './dialect.js';
import { abortable, UploadError } from './errors.js';
import type { Send } from './http.js';
import { inParallel } from './parallel.js';
import { contiguous, holds, include, type Range } from './ranges.js';
import { type RetryPolicy, retrying } from './retry.js';
import { readResult, type Value, writeEnvelope } from './soap.js';
import type { Source } from './source.js';
import type { Element } from './xml.js';

const path = '/Uploads/2014/07/SOAP/Basic/';
const namespaces = {
  service: 'https://api.brightsignnetwork.com/Uploads/2014/07/SOAP/',
  data: 'BSN.WebServices.Uploads.DTO.2014.07',
};

/** The address of the service below `url`, which may be that address itself. */
export const endpointOf = ({ url: base }: Pick<UploadOptions, 'url'>): string => {
  const url = new URL(base);
  if (!/\/SOAP\/Basic\/?$/i.test(url.pathname)) url.pathname = url.pathname.replace(/\/*$/, path);
  return url.href;
};

/** The upload service, as one client speaks to it. */
export interface Service {
  /** Calls an operation, once. `types`: of parameters that are of a derived type. */
  ask(operation: string, parameters: Readonly<Record<string, Value>>, signal: AbortSignal): Promise<Element>;
  /** As `ask`, again and again after failures that may pass. */
  call(operation: string, parameters: Readonly<Record<string, Value>>, signal: AbortSignal): Promise<Element>;
  readonly retry: RetryPolicy;
}

/** Opens the service at `endpoint` for these credentials. */
export const openService = (
  { user, password = '' }: Pick<UploadOptions, 'user' | 'password'>,
  { endpoint, send, retry }: { endpoint: string; send: Send; retry: RetryPolicy },
): Service => {
  const login = user === undefined ? null : { user, password };
  const ask: Service['ask'] = async (operation, parameters, signal) => {
    const answer = await send({
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
  return {
    ask,
    call: (operation, parameters, signal) => retrying(retry, signal, () => ask(operation, parameters, signal)),
    retry,
  };
};

/** What is said of a file. */
export interface Details {
  readonly source: Source;
  readonly fileName: string;
  readonly chunkSize: number;
  readonly contentType?: string;
  readonly virtualPath?: string;
  readonly sha1?: string | null;
  readonly token?: string | null;
  readonly session?: string | null;
}

/** The members of a file's arguments, in the vendor's order: its own stack drops what comes out of it. */
export const argumentsOf = (details: Details): Record<string, Value> => {
  const { source, fileName, chunkSize, contentType, virtualPath, sha1, token, session } = details;
  return {
    ...(source.size !== null && { ChunksCount: Math.ceil(source.size / chunkSize) }),
    ContentType: contentType ?? 'Auto',
    FileLastModifiedDate: source.lastModified === null ? null : new Date(source.lastModified).toISOString(),
    FileName: fileName,
    ...(source.size !== null && { FileSize: source.size }),
    FileThumb: null,
    SHA1Hash: sha1 ?? null,
    SessionToken: session ?? null,
    UploadToken: token ?? null,
    VirtualPath: virtualPath ?? null,
  };
};

/** Where a file's chunks go, and how. */
export interface Chunks {
  readonly source: Source;
  readonly token: string;
  readonly session?: string | null;
  readonly chunkSize: number;
  /** How many chunks of the file may be under way at once. */
  readonly parallel: number;
  /** Lets one more request go, when it is its turn. */
  readonly turn?: <T>(work: () => Promise<T>) => Promise<T>;
  /** What the server has confirmed so far. */
  confirmed(): readonly Range[];
  /** Told of what it has confirmed by now. */
  confirm(ranges: readonly Range[]): void;
}

/** Sends every chunk of a file that is not confirmed yet. */
export const sendChunks = async (service: Service, chunks: Chunks, run: AbortSignal): Promise<void> => {
  const { source, token, session = null, chunkSize, parallel, turn = (work) => work(), confirmed, confirm } = chunks;
  let next = source.body === undefined ? contiguous(confirmed()) : 0;

  const send = async (from: number, signal: AbortSignal): Promise<number> => {
    await source.unchanged();
    const data = await abortable(source.bytes(from, from + chunkSize), signal);
    if (data.length === 0) return 0;
    const partNumber = Math.floor(from / chunkSize);
    const parameters = { sessionToken: session, uploadToken: token, partNumber, data, offset: from };
    await retrying(service.retry, signal, async () => {
      const taken = await service.ask('AppendChunk', parameters, signal);
      // `false` is the vendor's word for a write that failed on the server's side.
      if (taken.text.trim() !== 'true')
        throw new UploadError('refused', 'The server could not keep the bytes.', { retryable: true });
    });
    return data.length;
  };

  await inParallel(parallel, run, async (_, signal) => {
    for (;;) {
      const from = next;
      next += chunkSize;
      if (source.size !== null && from >= source.size) return;
      if (holds(confirmed(), [from, Math.min(source.size ?? from + chunkSize, from + chunkSize)])) continue;
      const sent = await turn(() => send(from, signal));
      if (sent === 0) return;
      confirm(include(confirmed(), [from, from + sent]));
      source.release(contiguous(confirmed()));
    }
  });
};
