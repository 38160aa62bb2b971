import { base64 } from './base64.js';
import { aborted, UploadError } from './errors.js';
import { retryAfter } from './retry.js';
import type { Bytes } from './source.js';

/** Who the uploader is: a name and password, or a key. */
export interface Credentials {
  readonly user?: string;
  readonly password?: string;
  readonly apiKey?: string;
}

/** The `Authorization` header for `credentials`: Bearer for a key, Basic for a user, none without either. */
export const authorization = ({ user, password, apiKey }: Credentials): Record<string, string> => {
  if (apiKey !== undefined) return { Authorization: `Bearer ${apiKey}` };
  if (user !== undefined) return { Authorization: `Basic ${base64(`${user}:${password ?? ''}`)}` };
  return {};
};

/** One request. */
export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A form brings its own Content-Type. */
  readonly body?: Blob | Bytes | ReadableStream<Bytes> | FormData;
  readonly signal: AbortSignal;
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** At most a million characters; the rest of a longer answer is dropped. */
  readonly text: string;
}

/** Sends a request and reads its answer, whatever its status. Refuses with `network` or `aborted`. */
export type Send = (request: Request) => Promise<Answer>;

const answerLimit = 1_000_000;

const readText = async (response: Response): Promise<string> => {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > answerLimit) {
      await reader.cancel();
      return text.slice(0, answerLimit);
    }
  }
};

const failure = (error: unknown, signal: AbortSignal): UploadError => {
  if (signal.aborted) return aborted();
  const cause = error instanceof Error ? error.cause : undefined;
  if (error instanceof UploadError) return error;
  if (cause instanceof UploadError) return cause;
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : String(error);
  return new UploadError('network', `The server could not be reached: ${reason}`, { cause: error });
};

/**
 * Makes a `Send` out of the platform's `fetch`. `headers` go with requests to `origin` alone: a server that names
 * another place for its uploads does not get the caller's credentials sent there.
 */
export const sender = (
  fetch: typeof globalThis.fetch,
  origin: string,
  headers: Readonly<Record<string, string>>,
): Send => {
  return async ({ method, url, headers: more, body, signal }) => {
    const mine = new URL(url).origin === origin ? headers : {};
    const init: RequestInit & { duplex?: 'half' } = { method, headers: { ...mine, ...more }, signal };
    // A browser that may use its own credentials meets a 401 with a login dialog, and the upload hangs behind it.
    if ('Authorization' in mine) init.credentials = 'omit';
    if (body !== undefined) init.body = body;
    if (body instanceof ReadableStream) init.duplex = 'half';
    try {
      const response = await fetch(url, init);
      return { status: response.status, headers: response.headers, text: await readText(response) };
    } catch (error) {
      throw failure(error, signal);
    }
  };
};

/** The refusal that an answer with a status of 400 or more stands for. */
export const refusal = (answer: Answer, what: string): UploadError => {
  const wait = retryAfter(answer.headers.get('Retry-After'), Date.now());
  const said = /html/i.test(answer.headers.get('Content-Type') ?? '') ? '' : answer.text.trim().slice(0, 300);
  return new UploadError(
    'refused',
    `${what}: the server answered ${answer.status}${said === '' ? '' : ` (${said})`}.`,
    {
      status: answer.status,
      ...(wait !== undefined && { retryAfter: wait }),
    },
  );
};
