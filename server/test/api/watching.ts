import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import * as v from 'valibot';
import { type StreamEvents, streamShapes } from '../../src/api/shapes/index.js';
import type { ManualClock } from '../../src/kit/clock.js';

type Name = keyof StreamEvents;

/** Somebody who watches the stream. Whatever is told is held against its shape. */
export interface Watching {
  readonly answer: IncomingMessage;
  /** The next message of this name; those of other names before it are kept for whoever asks for them. */
  next<N extends Name>(name: N): Promise<StreamEvents[N]>;
  /** Messages of this name that came and that nobody has asked for. */
  waiting<N extends Name>(name: N): StreamEvents[N][];
  /** Lines that say nothing, so far. */
  readonly heartbeats: number;
  /** Resolves when the server has ended it. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Begins to watch. */
export const watch = async (
  url: string,
  headers: Readonly<Record<string, string>>,
  path = '/api/stream',
): Promise<Watching> => {
  const request = get(`${url}${path}`, { headers });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  const came: { readonly name: Name; readonly data: unknown }[] = [];
  let heard: (() => void) | null = null;
  let heartbeats = 0;
  let rest = '';
  let over = false;
  request.on('error', () => undefined);
  answer.setEncoding('utf8');
  answer.on('data', (text: string) => {
    const parts = (rest + text).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      if (part.startsWith(': ')) heartbeats += 1;
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
      if (name === undefined || data === undefined) continue;
      came.push({ name: name as Name, data: v.parse(streamShapes[name as Name], JSON.parse(data)) });
    }
    heard?.();
  });
  const ended = new Promise<void>((resolve) => {
    answer.on('close', () => {
      over = true;
      heard?.();
      resolve();
    });
  });
  answer.on('error', () => undefined);

  return {
    answer,
    next: async <N extends Name>(name: N) => {
      for (;;) {
        const index = came.findIndex((each) => each.name === name);
        const [found] = index < 0 ? [] : came.splice(index, 1);
        if (found) return found.data as StreamEvents[N];
        if (over) throw new Error(`the stream ended before it told of ${name}`);
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    },
    waiting: <N extends Name>(name: N) =>
      came.filter((each) => each.name === name).map(({ data }) => data as StreamEvents[N]),
    get heartbeats() {
      return heartbeats;
    },
    ended,
    close: () => request.destroy(),
  };
};

/** Lets what is under way come to where it needs more time. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn += 1) await setImmediate();
};

/** Moves the clock on in steps of half a second, as those of the hub. */
export const pass = async (clock: ManualClock, ms: number): Promise<void> => {
  for (let passed = 0; passed < ms; passed += 500) {
    clock.advance(500);
    await settle();
  }
};
