import { expect, it } from 'vitest';
import { rounds } from './rounds.js';

it('serves callers by a round that began after they called, sharing it', async () => {
  const began: (() => void)[] = [];
  const round = rounds(() => new Promise((end) => began.push(end)));
  const served: string[] = [];
  const call = async (name: string) => {
    await round();
    served.push(name);
  };
  const calls = [call('first'), call('second'), call('third')];
  expect(began).toHaveLength(1);
  began[0]?.();
  await calls[0];
  expect(served).toEqual(['first']);
  expect(began).toHaveLength(2);
  calls.push(call('fourth'));
  began[1]?.();
  await Promise.all(calls.slice(0, 3));
  expect(served).toEqual(['first', 'second', 'third']);
  expect(began).toHaveLength(3);
  began[2]?.();
  await Promise.all(calls);
});

it('fails those whom a failed round served, and goes on', async () => {
  let count = 0;
  const round = rounds(async () => {
    count += 1;
    if (count === 2) throw new Error('second');
  });
  const outcomes = await Promise.allSettled([round(), round(), round()]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  await round();
  expect(count).toBe(3);
});
