import { expect, it } from 'vitest';
import { openMemoryStore } from './store.js';

it('holds no more bytes than its limit, and says how many are left', async () => {
  const store = await openMemoryStore({ limit: 100 });
  await store.write('a', 0, [new Uint8Array(60)]);
  expect(await store.room()).toBe(40);
  await expect(store.write('b', 0, [new Uint8Array(41)])).rejects.toMatchObject({
    kind: 'no-room',
    facts: { needed: 41, free: 40 },
  });
  expect(await store.size({ kind: 'part', name: 'b' })).toBe(null);
  await store.write('a', 0, [new Uint8Array(60)]);
  await store.write('a', 60, [new Uint8Array(40)]);
  await store.publish('a', 'a', 70);
  expect(await store.room()).toBe(30);
  await store.remove({ kind: 'object', name: 'a' });
  expect(await store.room()).toBe(100);
});
