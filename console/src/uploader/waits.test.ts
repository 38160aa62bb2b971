import { expect, test } from 'vitest';
import { openWaits } from './waits.js';

const long = 2 ** 30;

test('a wait ends by itself, or when there is reason to hurry', async () => {
  const waits = openWaits();
  const { signal } = new AbortController();
  await waits.sleep(1, signal);
  const [one, two] = [waits.sleep(long, signal), waits.sleep(long, signal)];
  waits.hurry();
  await Promise.all([one, two]);
});

test('a wait that is called off rejects, also one that never began', async () => {
  const waits = openWaits();
  const stop = new AbortController();
  const wait = waits.sleep(long, stop.signal);
  stop.abort(new Error('enough'));
  await expect(wait).rejects.toThrow('enough');
  await expect(waits.sleep(long, stop.signal)).rejects.toThrow('enough');
});
