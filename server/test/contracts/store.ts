import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Place, Store } from '../../src/engine/ports.js';

/** A store under test, what stands for its process starting again, and how to clear up. */
export interface OpenedStore {
  readonly store: Store;
  /** Closes the store and opens it again over what it kept. */
  reopen(): Promise<Store>;
  end(): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const part = (name: string): Place => ({ kind: 'part', name });
const object = (name: string): Place => ({ kind: 'object', name });

/** `length` bytes that differ by place and by `seed`. */
const pattern = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >>> 8) * 7 + seed * 13) & 255);

/** The bytes `start` to `end` of a place; the whole of it where no end is given. */
export const readAll = async (store: Store, place: Place, start = 0, end?: number): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  const range = { start, end: end ?? (await store.size(place)) ?? 0 };
  for await (const piece of store.read(place, range)) pieces.push(piece);
  return Buffer.concat(pieces);
};

const listed = async (store: Store) => {
  const found: string[] = [];
  for await (const { kind, name, size } of store.list()) found.push(`${kind} ${name} ${size}`);
  return found.sort();
};

/** What every store promises (`engine/ports.ts`). */
export const storeContract = (name: string, open: () => Promise<OpenedStore>): void => {
  describe(`the ${name} store`, () => {
    let opened: OpenedStore;
    let store: Store;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.end());

    describe('writes', () => {
      it('keeps bytes at the places they were written to, in any order', async () => {
        await store.write('a', 6, [bytes('world')]);
        await store.write('a', 0, [bytes('hel'), bytes('lo'), bytes(' ')]);
        expect((await readAll(store, part('a'))).toString()).toBe('hello world');
        expect(await store.size(part('a'))).toBe(11);
      });

      it('lets later bytes win where writes overlap', async () => {
        await store.write('a', 0, [bytes('aaaaaa')]);
        await store.write('a', 2, [bytes('bb')]);
        await store.write('a', 5, [bytes('ccc')]);
        expect((await readAll(store, part('a'))).toString()).toBe('aabbaccc');
      });

      it('reads zeros where nothing was written', async () => {
        await store.write('a', 70_000, [bytes('x')]);
        expect(await readAll(store, part('a'))).toEqual(Buffer.concat([Buffer.alloc(70_000), bytes('x')]));
      });

      it('makes an empty part of no bytes', async () => {
        await store.write('a', 0, []);
        await store.sync('a');
        expect(await store.size(part('a'))).toBe(0);
        expect(await readAll(store, part('a'))).toEqual(Buffer.alloc(0));
      });

      it('writes more buffers in one call than a system call takes', async () => {
        const buffers = Array.from({ length: 3000 }, (_, i) => pattern(i % 5, i));
        await store.write('a', 3, buffers);
        expect(await readAll(store, part('a'), 3)).toEqual(Buffer.concat(buffers));
      });

      it('keeps many megabytes', async () => {
        const piece = pattern(3_000_001, 1);
        await store.write('a', 0, [piece, piece]);
        expect((await readAll(store, part('a'))).equals(Buffer.concat([piece, piece]))).toBe(true);
      });

      it('holds what a plain buffer would hold, whatever the writes', async () => {
        const write = fc.record({
          position: fc.nat(200_000),
          lengths: fc.array(fc.nat(40_000), { maxLength: 4 }),
          seed: fc.nat(255),
        });
        let count = 0;
        await fc.assert(
          fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 6 }), async (writes) => {
            const name = `fuzz${count}`;
            count += 1;
            const model = Buffer.alloc(400_000);
            let size = 0;
            for (const { position, lengths, seed } of writes) {
              const buffers = lengths.map((length, i) => pattern(length, seed + i));
              const joined = Buffer.concat(buffers);
              await store.write(name, position, buffers);
              joined.copy(model, position);
              if (joined.length > 0) size = Math.max(size, position + joined.length);
            }
            const found = await readAll(store, part(name));
            expect(found.length).toBe(size);
            expect(found.equals(model.subarray(0, size))).toBe(true);
          }),
          { numRuns: 30 },
        );
      });

      it('takes many writes of one part at once', async () => {
        const pieces = Array.from({ length: 50 }, (_, i) => pattern(5000, i));
        await Promise.all(
          pieces.map(async (piece, i) => {
            await store.write('a', i * 5000, [piece]);
            await store.sync('a');
          }),
        );
        expect((await readAll(store, part('a'))).equals(Buffer.concat(pieces))).toBe(true);
      });

      it('takes many files at once, from the first byte to the published object', async () => {
        const names = Array.from({ length: 600 }, (_, i) => `file${i}`);
        await Promise.all(
          names.map(async (name, i) => {
            await store.write(name, 0, [pattern(100, i)]);
            if (i % 3 === 0) await store.sync(name);
            await store.write(name, 100, [pattern(50, i + 1)]);
            await store.publish(name, name, 150);
          }),
        );
        for (const [i, name] of names.entries())
          expect(await readAll(store, object(name))).toEqual(Buffer.concat([pattern(100, i), pattern(50, i + 1)]));
        expect(await listed(store)).toEqual(names.map((name) => `object ${name} 150`).sort());
      });
    });

    describe('reads', () => {
      it('gives any range', async () => {
        const whole = Buffer.from(pattern(2_500_000, 3));
        await store.write('a', 0, [whole]);
        for (const [start, end] of [
          [0, 1],
          [65_535, 65_537],
          [1, 2_499_999],
          [2_499_999, 2_500_000],
          [1_048_576, 1_048_577],
        ] as const)
          expect((await readAll(store, part('a'), start, end)).equals(whole.subarray(start, end))).toBe(true);
      });

      it('throws where the place ends before the range', async () => {
        await store.write('a', 0, [bytes('abc')]);
        await expect(readAll(store, part('a'), 0, 4)).rejects.toThrow();
        await expect(readAll(store, part('a'), 3, 4)).rejects.toThrow();
      });

      it('throws where nothing is', async () => {
        await expect(readAll(store, part('a'), 0, 1)).rejects.toThrow();
        await expect(readAll(store, object('a'), 0, 1)).rejects.toThrow();
        expect(await store.size(part('a'))).toBe(null);
        expect(await store.size(object('a'))).toBe(null);
      });

      it('gives buffers that later writes do not change', async () => {
        await store.write('a', 0, [bytes('before')]);
        const found = await readAll(store, part('a'));
        await store.write('a', 0, [bytes('after!')]);
        expect(found.toString()).toBe('before');
      });

      it('may be left before the end', async () => {
        await store.write('a', 0, [pattern(3_000_000, 1)]);
        for await (const _ of store.read(part('a'), { start: 0, end: 3_000_000 })) break;
        await store.remove(part('a'));
        expect(await store.size(part('a'))).toBe(null);
      });
    });

    describe('syncs', () => {
      it('refuses to sync what is not there', async () => {
        await expect(store.sync('nothing')).rejects.toThrow();
      });

      it('syncs one part for many callers at once', async () => {
        await store.write('a', 0, [bytes('abc')]);
        await Promise.all(Array.from({ length: 40 }, () => store.sync('a')));
        expect((await readAll(store, part('a'))).toString()).toBe('abc');
      });
    });

    describe('publishing', () => {
      it('turns a part into an object', async () => {
        await store.write('p', 0, [bytes('whole file')]);
        await store.publish('p', 'o', 10);
        expect((await readAll(store, object('o'))).toString()).toBe('whole file');
        expect(await listed(store)).toEqual(['object o 10']);
      });

      it('cuts off what is beyond the size', async () => {
        await store.write('p', 0, [bytes('whole file and rubbish')]);
        await store.publish('p', 'o', 10);
        expect(await store.size(object('o'))).toBe(10);
        expect((await readAll(store, object('o'))).toString()).toBe('whole file');
      });

      it('publishes an empty file', async () => {
        await store.write('p', 0, []);
        await store.publish('p', 'o', 0);
        expect(await store.size(object('o'))).toBe(0);
      });

      it('may be repeated', async () => {
        await store.write('p', 0, [bytes('abc')]);
        await store.publish('p', 'o', 3);
        await store.publish('p', 'o', 3);
        expect((await readAll(store, object('o'))).toString()).toBe('abc');
      });

      it('refuses a part that is too short, or that never was, and changes nothing', async () => {
        await store.write('p', 0, [bytes('abc')]);
        await expect(store.publish('p', 'o', 4)).rejects.toThrow();
        await expect(store.publish('nothing', 'o', 0)).rejects.toThrow();
        expect(await listed(store)).toEqual(['part p 3']);
      });

      it('does not take an object of another size for a repeat', async () => {
        await store.write('p', 0, [bytes('abc')]);
        await store.publish('p', 'o', 3);
        await expect(store.publish('p', 'o', 2)).rejects.toThrow();
        expect(await store.size(object('o'))).toBe(3);
      });

      it('leaves the name free for a new part', async () => {
        await store.write('p', 0, [bytes('first')]);
        await store.publish('p', 'o', 5);
        await store.write('p', 0, [bytes('second')]);
        await store.sync('p');
        expect((await readAll(store, object('o'))).toString()).toBe('first');
        expect((await readAll(store, part('p'))).toString()).toBe('second');
      });

      it('is taken back by withdrawing, which may be repeated', async () => {
        await store.write('p', 0, [bytes('abcdef')]);
        await store.publish('p', 'o', 4);
        await store.withdraw('o', 'p');
        await store.withdraw('o', 'p');
        expect(await listed(store)).toEqual(['part p 4']);
        await store.write('p', 4, [bytes('EF')]);
        await store.publish('p', 'o', 6);
        expect((await readAll(store, object('o'))).toString()).toBe('abcdEF');
      });

      it('refuses to withdraw what never was', async () => {
        await expect(store.withdraw('o', 'p')).rejects.toThrow();
      });
    });

    describe('removing', () => {
      it('removes parts and objects, once or twice', async () => {
        await store.write('p', 0, [bytes('abc')]);
        await store.write('q', 0, [bytes('abc')]);
        await store.publish('q', 'o', 3);
        for (const place of [part('p'), object('o'), part('p'), object('o'), part('never')]) await store.remove(place);
        expect(await listed(store)).toEqual([]);
      });

      it('lets a part of the same name begin anew', async () => {
        await store.write('p', 0, [bytes('a long text')]);
        await store.remove(part('p'));
        await store.write('p', 0, [bytes('short')]);
        await store.sync('p');
        expect((await readAll(store, part('p'))).toString()).toBe('short');
      });
    });

    it('lists parts and objects with their sizes and times', async () => {
      const before = Date.now();
      await store.write('same', 0, [bytes('abc')]);
      await store.publish('same', 'same', 3);
      await store.write('same', 4, [bytes('x')]);
      expect(await listed(store)).toEqual(['object same 3', 'part same 5']);
      // File systems keep time in steps of some milliseconds.
      for await (const { modifiedAt } of store.list()) expect(Math.abs(modifiedAt - before)).toBeLessThan(60_000);
    });

    it.each([['../x'], ['a/b'], ['.'], ['..'], [''], ['a.b'], ['ü'], ['a\0b'], ['x'.repeat(129)], ['a\n']])(
      'refuses the name %j',
      async (bad) => {
        await expect(store.write(bad, 0, [bytes('x')])).rejects.toThrow();
        await expect(store.sync(bad)).rejects.toThrow();
        await expect(store.size(part(bad))).rejects.toThrow();
        await expect(readAll(store, object(bad), 0, 1)).rejects.toThrow();
        await expect(store.remove(part(bad))).rejects.toThrow();
        await store.write('good', 0, [bytes('x')]);
        await expect(store.publish('good', bad, 1)).rejects.toThrow();
        await expect(store.publish(bad, 'good', 1)).rejects.toThrow();
        await expect(store.withdraw('good', bad)).rejects.toThrow();
        expect(await listed(store)).toEqual(['part good 1']);
      },
    );

    it('takes names of every allowed character and length', async () => {
      for (const good of ['a', '-', '_', 'Zz09-_', 'x'.repeat(128)]) {
        await store.write(good, 0, [bytes('x')]);
        expect(await store.size(part(good))).toBe(1);
      }
    });

    it('says how much room there is, or that it cannot tell', async () => {
      const room = await store.room();
      expect(room === null || room >= 0).toBe(true);
    });

    it('has everything again after it was opened anew', async () => {
      await store.write('p', 0, [bytes('part')]);
      await store.sync('p');
      await store.write('q', 0, [bytes('object')]);
      await store.publish('q', 'o', 6);
      const again = await opened.reopen();
      expect(await listed(again)).toEqual(['object o 6', 'part p 4']);
      expect((await readAll(again, object('o'))).toString()).toBe('object');
      await again.write('p', 4, [bytes(' goes on')]);
      await again.publish('p', 'p', 12);
      expect((await readAll(again, object('p'))).toString()).toBe('part goes on');
    });
  });
};
