import { mkdir, mkdtemp, readdir, readlink, rm, statfs, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Place, Store } from '../../engine/ports.js';
import { openDiskStore } from './store.js';

let dir: string;
let opened: Store[];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'longshore-'));
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((store) => store.close()));
  await rm(dir, { recursive: true });
});

const open = async (options: { minFreeBytes?: number; openFiles?: number } = {}): Promise<Store> => {
  const store = await openDiskStore({ dir, minFreeBytes: 0, openFiles: 4, ...options });
  opened.push(store);
  return store;
};
const bytes = (text: string) => new TextEncoder().encode(text);
const part = (name: string): Place => ({ kind: 'part', name });
const text = async (store: Store, place: Place) => {
  const pieces: Uint8Array[] = [];
  for await (const piece of store.read(place, { start: 0, end: (await store.size(place)) ?? 0 })) pieces.push(piece);
  return Buffer.concat(pieces).toString();
};

it('leaves the reserve free', async () => {
  const { bavail, bsize } = await statfs(dir);
  const reserve = 2 ** 20;
  const room = await (await open({ minFreeBytes: reserve })).room();
  // Others use this disk, too.
  expect(Math.abs(Number(room) - (bavail * bsize - reserve))).toBeLessThan(2 ** 30);
  expect(await (await open({ minFreeBytes: Number.MAX_SAFE_INTEGER })).room()).toBe(0);
});

it('lists nothing that somebody else has put there', async () => {
  const store = await open();
  await mkdir(join(dir, 'parts', 'lost+found'));
  for await (const place of store.list()) expect(place).toBe('nothing');
});

it('lets several processes share the folder', async () => {
  const [one, other] = [await open(), await open()];
  await one.write('p', 0, [bytes('one ')]);
  await other.write('p', 4, [bytes('other')]);
  await one.publish('p', 'o', 9);
  expect(await text(other, { kind: 'object', name: 'o' })).toBe('one other');
  await other.publish('p', 'o', 9);
});

it('does not write to a file that another process has removed', async () => {
  const [one, other] = [await open(), await open()];
  await one.write('p', 0, [bytes('first')]);
  await other.remove(part('p'));
  await other.write('p', 0, [bytes('second ')]);
  await one.write('p', 7, [bytes('third')]);
  await one.sync('p');
  expect(await text(other, part('p'))).toBe('second third');
});

describe.skipIf(process.platform !== 'linux')('on Linux', () => {
  const openIn = async () => {
    let count = 0;
    for (const fd of await readdir('/proc/self/fd'))
      if ((await readlink(`/proc/self/fd/${fd}`).catch(() => '')).startsWith(join(dir, 'parts', 'file'))) count += 1;
    return count;
  };

  it('keeps no more files open than it may, and none of those published or removed', async () => {
    const store = await open({ openFiles: 3 });
    for (let i = 0; i < 10; i += 1) await store.write(`file${i}`, 0, [bytes('x')]);
    await store.write('file9', 1, [bytes('y')]);
    expect(await openIn()).toBeLessThanOrEqual(4);
    for (let i = 0; i < 5; i += 1) await store.publish(`file${i}`, `file${i}`, 1);
    for (let i = 5; i < 10; i += 1) await store.remove(part(`file${i}`));
    await store.close();
    expect(await openIn()).toBe(0);
    opened = [];
  });

  it('refuses for lack of room when the disk is full', async () => {
    const store = await open();
    await symlink('/dev/full', join(dir, 'parts', 'full'));
    await expect(store.write('full', 0, [bytes('abc')])).rejects.toMatchObject({
      kind: 'no-room',
      facts: { needed: 3 },
    });
  });

  it('never calls a part synced again once a sync of it has failed, until it was removed', async () => {
    const store = await open({ openFiles: 1 });
    // Takes every byte, but no sync.
    await symlink('/dev/null', join(dir, 'parts', 'bad'));
    await store.write('bad', 0, [bytes('abc')]);
    await expect(store.sync('bad')).rejects.toThrow('could not be synced');
    await unlink(join(dir, 'parts', 'bad'));
    await store.write('other', 0, [bytes('x')]);
    await store.write('bad', 0, [bytes('abc')]);
    await expect(store.sync('bad')).rejects.toThrow('could not be synced');
    await expect(store.publish('bad', 'bad', 3)).rejects.toThrow('could not be synced');
    await store.remove(part('bad'));
    await store.write('bad', 0, [bytes('abc')]);
    await store.sync('bad');
    await store.publish('bad', 'bad', 3);
  });

  it('remembers a sync that failed while it closed a file to open another', async () => {
    const store = await open({ openFiles: 1 });
    await symlink('/dev/null', join(dir, 'parts', 'bad'));
    await store.write('bad', 0, [bytes('abc')]);
    await store.write('other', 0, [bytes('x')]);
    await unlink(join(dir, 'parts', 'bad'));
    await store.write('bad', 0, [bytes('abc')]);
    await expect(store.sync('bad')).rejects.toThrow('could not be synced');
  });
});
