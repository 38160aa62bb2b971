import { isLive } from '../api/live/shape.js';
import type { StreamEvents, Upload } from '../api/shapes/index.js';
import type { Credentials } from './remote.js';
import type { Source } from './top-source.js';

/** In ms: how long it is waited before a lost stream is asked for again. */
const again = 3_000;

const authorization = ({ user, password, apiKey }: Credentials): Record<string, string> => {
  if (apiKey !== undefined) return { authorization: `Bearer ${apiKey}` };
  if (user === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` };
};

/** The server answered, and not with a stream. */
class Refused extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** May it pass by itself? The server cannot be reached, or stops, or a proxy before it has nobody to ask. */
const mayPass = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof Refused && error.status >= 500);

const refusal = async (answer: Response): Promise<Refused> => {
  const said: unknown = await answer.json().catch(() => undefined);
  const { title } = (typeof said === 'object' && said !== null ? said : {}) as { title?: unknown };
  const message = typeof title === 'string' ? title : `The server answered ${answer.status}; is it a Longshore?`;
  return new Refused(message, answer.status);
};

/** The messages of a stream of server-sent events. */
async function* messagesOf(body: AsyncIterable<Uint8Array>): AsyncIterable<{ name: string; data: string }> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
      if (name !== undefined && data !== undefined) yield { name, data };
    }
  }
}

/**
 * What a running server tells. `to`: its address. Rejects where it cannot be reached at first, or does not let the asker
 * watch; a stream that is lost later is asked for again.
 */
export const serverSource = async (to: string, credentials: Credentials): Promise<Source> => {
  const url = new URL('api/stream', to.endsWith('/') ? to : `${to}/`);
  const closing = new AbortController();
  const uploads = new Map<string, Upload>();
  /** How far the server's clock is ahead of ours, in ms. */
  let ahead = 0;
  let note: string | undefined;
  let failure: Error | undefined;

  const ask = async (): Promise<AsyncIterable<Uint8Array>> => {
    const answer = await fetch(url, {
      headers: { ...authorization(credentials), accept: 'text/event-stream' },
      signal: closing.signal,
    });
    if (answer.status !== 200 || answer.body === null) throw await refusal(answer);
    return answer.body;
  };

  const take = (changed: readonly Upload[]): void => {
    for (const each of changed)
      if (isLive(each)) uploads.set(each.id, each);
      else uploads.delete(each.id);
  };

  const hear = (name: string, data: string): void => {
    if (name === 'hello') {
      const hello = JSON.parse(data) as StreamEvents['hello'];
      ahead = hello.at - Date.now();
      uploads.clear();
      take(hello.uploads);
    } else if (name === 'uploads') take((JSON.parse(data) as StreamEvents['uploads']).uploads);
  };

  /** Resolves with the first message, goes on until it is closed. */
  const follow = (first: AsyncIterable<Uint8Array>): Promise<void> =>
    new Promise((resolve, reject) => {
      const read = async (): Promise<void> => {
        let body: AsyncIterable<Uint8Array> | undefined = first;
        while (!closing.signal.aborted) {
          try {
            body ??= await ask();
            for await (const { name, data } of messagesOf(body)) {
              note = undefined;
              hear(name, data);
              resolve();
            }
          } catch (error) {
            if (closing.signal.aborted) return;
            if (!mayPass(error)) throw error;
          }
          body = undefined;
          note = 'the server is not there, trying again';
          await new Promise((wake) => setTimeout(wake, again));
        }
      };
      read().catch((error: Error) => {
        failure = error;
        reject(error);
      });
    });

  const first = await ask().catch((error: unknown) => {
    if (error instanceof TypeError) throw new Error(`${url.origin} cannot be reached.`, { cause: error });
    throw error;
  });
  await follow(first);
  return {
    withFrom: true,
    learnsSpeed: false,
    look: async () => {
      if (failure) throw failure;
      return { at: Date.now() + ahead, uploads: [...uploads.values()], ...(note !== undefined && { note }) };
    },
    close: () => closing.abort(),
  };
};
