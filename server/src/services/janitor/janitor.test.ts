import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Refusal } from '../../engine/refusals.js';
import type { Engine } from '../../engine/verbs.js';
import { manualClock } from '../../kit/clock.js';
import { silentLog } from '../../kit/log.js';
import { defaultsOf } from '../../kit/options.js';
import type { Sweep } from './janitor.js';
import { openJanitor } from './open.js';
import { janitorOptions } from './options.js';

const settle = async () => {
  for (let i = 0; i < 20; i += 1) await setImmediate();
};

const world = (facts: { overdue?: number[]; ended?: Awaited<ReturnType<Engine['list']>> } = {}) => {
  const clock = manualClock();
  const calls: string[] = [];
  const overdue = [...(facts.overdue ?? [])];
  const engine: Pick<Engine, 'expire' | 'list' | 'forget'> = {
    expire: async (limit) => {
      calls.push(`expire ${limit}`);
      return overdue.shift() ?? 0;
    },
    list: async (query) => {
      calls.push(`list ${query?.endedBefore} ${query?.limit}`);
      return facts.ended ?? [];
    },
    forget: async (id) => {
      calls.push(`forget ${id}`);
      if (id === 'taken') throw new Refusal('no-such-upload', { id });
    },
  };
  const start = (sweeps: Sweep[] = []) => {
    const janitor = openJanitor({ engine, clock, log: silentLog, options: defaultsOf(janitorOptions), sweeps });
    janitor.start();
    return janitor;
  };
  return { clock, calls, start };
};

const upload = (id: string): Awaited<ReturnType<Engine['list']>>[number] => ({
  id,
  dialect: 'x',
  owner: 'jo',
  state: 'finished',
  size: 0,
  maxSize: null,
  received: 0,
  contiguous: 0,
  declared: {},
  digests: {},
  metadata: null,
  group: null,
  expiry: null,
  tier: 'durable',
  reserved: 0,
  createdAt: 0,
  touchedAt: 0,
  endedAt: 0,
  object: null,
  result: null,
});

test('a round is made at the start and every minute; a stop ends it', async () => {
  const { clock, calls, start } = world();
  const weekAgo = clock.now() - 7 * 24 * 3_600_000;
  const janitor = start();
  await settle();
  expect(calls).toEqual(['expire 200', `list ${weekAgo} 200`]);
  clock.advance(59_999);
  await settle();
  expect(calls).toHaveLength(2);
  clock.advance(1);
  await settle();
  expect(calls.slice(2)).toEqual(['expire 200', `list ${weekAgo + 60_000} 200`]);
  await janitor.stop();
  clock.advance(60_000);
  await settle();
  expect(calls).toHaveLength(4);
  janitor.start();
  await settle();
  expect(calls).toHaveLength(6);
  await janitor.stop();
});

test('where there is more to do it comes back soon', async () => {
  const { clock, calls, start } = world({ overdue: [200, 200, 3] });
  const janitor = start();
  await settle();
  for (let i = 0; i < 5; i += 1) {
    clock.advance(100);
    await settle();
  }
  expect(calls.filter((call) => call === 'expire 200')).toHaveLength(3);
  await janitor.stop();
});

test('uploads that ended long ago are forgotten, also when another process forgot one first', async () => {
  const { calls, start } = world({ ended: ['a', 'taken', 'b'].map(upload) });
  const janitor = start();
  await settle();
  expect(calls.filter((call) => call.startsWith('forget'))).toEqual(['forget a', 'forget taken', 'forget b']);
  await janitor.stop();
});

test('sweeps of others are run; one that fails keeps nothing else from being done', async () => {
  const { clock, start } = world();
  const ran: string[] = [];
  const janitor = start([
    {
      name: 'bad',
      run: async () => {
        ran.push('bad');
        throw new Error('no');
      },
    },
    {
      name: 'good',
      run: async () => {
        ran.push('good');
      },
    },
  ]);
  await settle();
  clock.advance(60_000);
  await settle();
  expect(ran).toEqual(['bad', 'good', 'bad', 'good']);
  await janitor.stop();
});

test('a stop reaches the sweep that is running, and waits for it', async () => {
  const { start } = world();
  let ended = false;
  const janitor = start([
    {
      name: 'long',
      run: (signal) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => {
            ended = true;
            resolve();
          }),
        ),
    },
  ]);
  await settle();
  await janitor.stop();
  expect(ended).toBe(true);
});
