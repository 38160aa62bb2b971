import { afterEach, expect, test } from 'vitest';
import { byWord } from './tabs.js';

const soon = { answer: 300, again: 10 };
const channels: BroadcastChannel[] = [];

const open = (): BroadcastChannel => {
  const channel = new BroadcastChannel('tabs of a test');
  channels.push(channel);
  return channel;
};
const heard = (channel: BroadcastChannel, word: string): Promise<void> =>
  new Promise((resolve) => {
    channel.addEventListener('message', ({ data }) => {
      if (data === word) resolve();
    });
  });

afterEach(() => {
  for (const channel of channels.splice(0)) channel.close();
});

test('without locks, what another tab has is taken up when that answers no more, and not before', async () => {
  const [one, two, listener] = [open(), open(), open()];
  byWord('one', one, soon);
  const adopted: string[] = [];
  const answered = heard(listener, 'here is one');
  const gone = byWord('two', two, soon).whenGone('one', async () => void adopted.push('by two'));
  await answered;
  expect(adopted).toEqual([]);
  one.close();
  await gone;
  expect(adopted).toEqual(['by two']);
});
