import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { withDeadline } from './deadline.js';

setFlagsFromString('--expose-gc');
const tidyUp: () => void = runInNewContext('gc');

test('comes, however often memory is tidied up meanwhile', async () => {
  const signals = Array.from({ length: 20 }, () => withDeadline(new AbortController().signal, 300));
  const all = Promise.all(signals.map((signal) => once(signal, 'abort')));
  signals.length = 0;
  const tidying = setInterval(tidyUp, 50);
  const [[event] = []] = await all.finally(() => clearInterval(tidying));
  expect(event.target.reason.name).toBe('TimeoutError');
});

test('does not wait for its time where the other signal aborts', () => {
  const other = new AbortController();
  const signal = withDeadline(other.signal, 60_000);
  expect(signal.aborted).toBe(false);
  other.abort(new Error('stop'));
  expect(signal.reason).toEqual(new Error('stop'));
});
