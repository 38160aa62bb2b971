import type { Problem } from 'longshore/api';
import { words } from '../words/en.js';

/** An answer of the server that is no, in words for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Of HTTP; 0: the server was not reached. */
  readonly status: number;
  /** Which refusal it is: `malformed`; an empty text where the server says no more than the status. */
  readonly kind: string;

  constructor(status: number, message: string, kind = '') {
    super(message);
    this.status = status;
    this.kind = kind;
  }
}

/** What the page knows of its session in order to ask: the token that goes with every change, and who is told that the session is not it any more. */
export const credentials = {
  csrf: '',
  ended: (): void => undefined,
  /** Another tab has logged in anew: the cookie is of another session by now, maybe of another account. */
  changed: async (): Promise<void> => undefined,
};

const toError = async (answer: Response): Promise<ApiError> => {
  const text = await answer.text();
  try {
    const { title, type }: Partial<Problem> = JSON.parse(text);
    return new ApiError(
      answer.status,
      title ?? words.problems.unknown(answer.status),
      type?.replace('urn:longshore:', ''),
    );
  } catch {
    return new ApiError(answer.status, words.problems.unknown(answer.status));
  }
};

/** Parameters of a query; those that are undefined are left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/** An address below `api/`, relative to the page. */
export const address = (path: string, query: Query = {}): string => {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? `api/${path}` : `api/${path}?${new URLSearchParams(given)}`;
};

interface Asked {
  readonly body?: unknown;
  readonly query?: Query;
  readonly signal?: AbortSignal;
}

/**
 * Asks the server. Rejects with `ApiError` where the answer is no or the server is not reached, and with the reason of
 * `signal` when that was given up.
 */
export const request = async <Answer>(
  method: string,
  path: string,
  { body, query, signal }: Asked = {},
): Promise<Answer> => {
  const answer = await fetch(address(path, query), {
    method,
    headers: {
      Accept: 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(method === 'GET' ? {} : { 'X-CSRF-Token': credentials.csrf }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError(0, words.problems.network);
  });
  if (answer.ok) return JSON.parse((await answer.text()) || 'null');
  const error = await toError(answer);
  if (error.status === 401) credentials.ended();
  if (error.kind === 'csrf') await credentials.changed();
  throw error;
};

/** A text at an address below `api/`. Rejects as `request` does. */
export const requestText = async (address: string): Promise<string> => {
  const answer = await fetch(address).catch(() => {
    throw new ApiError(0, words.problems.network);
  });
  if (!answer.ok) throw await toError(answer);
  return answer.text();
};
