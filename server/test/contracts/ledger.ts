import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fact, FactQuery, Facts, Ledger } from '../../src/engine/ports.js';
import type { Json } from '../../src/kit/json.js';

/** A ledger under test, what stands for its process starting again, and how to clear up. */
export interface OpenedLedger {
  readonly ledger: Ledger;
  /** Closes the ledger and opens it again over what it kept. */
  reopen(): Promise<Ledger>;
  end(): Promise<void>;
}

/** What a sorted array answers. */
const modelList = (facts: ReadonlyMap<string, Json>, { prefix, after, limit, reverse = false }: FactQuery): Fact[] => {
  const found = [...facts]
    .map(([key, value]) => ({ key, value }))
    .filter(({ key }) => key.startsWith(prefix) && (after === undefined || (reverse ? key < after : key > after)))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return (reverse ? found.reverse() : found).slice(0, limit);
};

const increment = async (facts: Facts) => facts.put('count', Number((await facts.get('count')) ?? 0) + 1);

/** What every ledger promises (`engine/ports.ts`). */
export const ledgerContract = (name: string, open: () => Promise<OpenedLedger>): void => {
  describe(`the ${name} ledger`, () => {
    let opened: OpenedLedger;
    let ledger: Ledger;
    beforeEach(async () => {
      opened = await open();
      ledger = opened.ledger;
    });
    afterEach(() => opened.end());

    const get = (key: string) => ledger.read((facts) => facts.get(key));
    const list = (query: FactQuery) => ledger.read((facts) => facts.list(query));
    const keys = async (query: FactQuery) => (await list(query)).map(({ key }) => key);
    const fill = (...all: string[]) =>
      ledger.transact(async (facts) => {
        for (const key of all) facts.put(key, key);
      });

    describe('a transaction', () => {
      it('keeps what was put and forgets what was deleted', async () => {
        await fill('a', 'b');
        await ledger.transact(async (facts) => {
          facts.put('b', 'new');
          facts.delete('a');
          facts.delete('never');
        });
        expect(await list({ prefix: '' })).toEqual([{ key: 'b', value: 'new' }]);
        expect(await get('a')).toBeUndefined();
      });

      it('returns what its work returned', async () => {
        expect(await ledger.transact(async () => 42)).toBe(42);
        expect(await ledger.read(async () => 'text')).toBe('text');
      });

      it('reads its own writes', async () => {
        await fill('a/1', 'a/3');
        const seen = await ledger.transact(async (facts) => {
          facts.put('a/2', 2);
          facts.delete('a/1');
          return [await facts.get('a/2'), await facts.get('a/1'), await facts.list({ prefix: 'a/' })];
        });
        expect(seen).toEqual([
          2,
          undefined,
          [
            { key: 'a/2', value: 2 },
            { key: 'a/3', value: 'a/3' },
          ],
        ]);
      });

      it('keeps nothing when its work throws, and lets the error out', async () => {
        await fill('a', 'b');
        const wrong = new Error('wrong');
        const failing = ledger.transact(async (facts) => {
          facts.put('a', 'changed');
          facts.put('c', 'new');
          facts.delete('b');
          facts.put('b', 'again');
          await facts.get('a');
          throw wrong;
        });
        await expect(failing).rejects.toBe(wrong);
        expect(await keys({ prefix: '' })).toEqual(['a', 'b']);
        expect([await get('a'), await get('b')]).toEqual(['a', 'b']);
      });

      it('is not harmed by a neighbour that throws', async () => {
        const outcomes = await Promise.allSettled(
          Array.from({ length: 30 }, (_, i) =>
            ledger.transact(
              async (facts) => {
                await increment(facts);
                facts.put(`turn/${i}`, i);
                if (i % 3 === 0) throw new Error('every third');
              },
              i % 2 === 0 ? 'durable' : 'relaxed',
            ),
          ),
        );
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
        expect(await get('count')).toBe(20);
        expect(await keys({ prefix: 'turn/' })).toHaveLength(20);
      });

      it('has the ledger to itself', async () => {
        await Promise.all(
          Array.from({ length: 200 }, (_, i) => ledger.transact(increment, i % 2 === 0 ? 'durable' : 'relaxed')),
        );
        expect(await get('count')).toBe(200);
      });

      it('runs in the order of asking', async () => {
        await Promise.all(
          Array.from({ length: 20 }, (_, i) => ledger.transact(async (facts) => facts.put('last', i), 'relaxed')),
        );
        expect(await get('last')).toBe(19);
      });
    });

    describe('a read', () => {
      it('sees what was committed, in either tier, and nothing else', async () => {
        await ledger.transact(async (facts) => facts.put('a', 1), 'durable');
        expect(await get('a')).toBe(1);
        await ledger.transact(async (facts) => facts.put('a', 2), 'relaxed');
        expect(await get('a')).toBe(2);
      });

      it('sees one state, whatever is committed meanwhile', async () => {
        const both = (value: number) =>
          ledger.transact(async (facts) => {
            facts.put('left', value);
            facts.put('right', value);
          });
        await both(0);
        const writes = Promise.all(Array.from({ length: 30 }, (_, i) => both(i + 1)));
        const reads = await Promise.all(
          Array.from({ length: 30 }, () =>
            ledger.read(async (facts) => {
              const left = await facts.get('left');
              await facts.list({ prefix: '' });
              return [left, await facts.get('right')];
            }),
          ),
        );
        await writes;
        for (const [left, right] of reads) expect(left).toBe(right);
      });

      it('lets an error out and goes on working', async () => {
        await fill('a');
        const wrong = new Error('wrong');
        await expect(
          ledger.read(async (facts) => {
            await facts.get('a');
            throw wrong;
          }),
        ).rejects.toBe(wrong);
        expect(await get('a')).toBe('a');
      });
    });

    describe('values', () => {
      it.each<[Json]>([
        [null],
        [true],
        [0],
        [-1.5],
        [2 ** 53 - 1],
        [''],
        ['ü \u0000 \ud83d\ude00 "quoted" \\'],
        [[]],
        [{}],
        [{ a: [1, { b: null }], 'ключ/ü': 'значение' }],
      ])('come back as they were: %j', async (value) => {
        await ledger.transact(async (facts) => facts.put('a', value));
        expect(await get('a')).toEqual(value);
        expect(await list({ prefix: 'a' })).toEqual([{ key: 'a', value }]);
      });

      it('come back as they were, whatever they are', async () => {
        await fc.assert(
          fc.asyncProperty(fc.jsonValue(), async (anything) => {
            const value = JSON.parse(JSON.stringify(anything)) as Json;
            await ledger.transact(async (facts) => facts.put('a', value), 'relaxed');
            expect(await get('a')).toEqual(value);
          }),
          { numRuns: 50 },
        );
      });

      it('are nobody else’s: changing one in the hand changes nothing in the ledger', async () => {
        const mine = { list: [1] };
        await ledger.transact(async (facts) => {
          facts.put('a', mine);
          mine.list.push(2);
          const read = (await facts.get('a')) as { list: number[] };
          read.list.push(3);
        });
        mine.list.push(4);
        const read = (await get('a')) as { list: number[] };
        expect(read).toEqual({ list: [1] });
        read.list.push(5);
        expect(await get('a')).toEqual({ list: [1] });
      });
    });

    describe('keys', () => {
      it('are ordered by their characters’ codes', async () => {
        await fill('b', 'a', 'B', '~', ' ', 'a/', 'a0', 'aa', 'a!', '-', '_', '0', '/');
        const all = [' ', '-', '/', '0', 'B', '_', 'a', 'a!', 'a/', 'a0', 'aa', 'b', '~'];
        expect(await keys({ prefix: '' })).toEqual(all);
        expect(await keys({ prefix: '', reverse: true })).toEqual(all.toReversed());
      });

      it('are found by a prefix and nothing beside it', async () => {
        await fill('a', 'a/', 'a/ ', 'a/x', 'a/~', 'a/~~', 'a0', 'a.', 'b', '`');
        expect(await keys({ prefix: 'a/' })).toEqual(['a/', 'a/ ', 'a/x', 'a/~', 'a/~~']);
        expect(await keys({ prefix: 'a/~' })).toEqual(['a/~', 'a/~~']);
        expect(await keys({ prefix: 'a/', limit: 2 })).toEqual(['a/', 'a/ ']);
        expect(await keys({ prefix: 'a/', limit: 2, reverse: true })).toEqual(['a/~~', 'a/~']);
        expect(await keys({ prefix: 'a/', after: 'a/x' })).toEqual(['a/~', 'a/~~']);
        expect(await keys({ prefix: 'a/', after: 'a/x', reverse: true })).toEqual(['a/ ', 'a/']);
        expect(await keys({ prefix: 'a/', after: 'a/w', limit: 1 })).toEqual(['a/x']);
      });

      it('take an `after` from outside the prefix', async () => {
        await fill('a/1', 'a/2', 'c');
        expect(await keys({ prefix: 'a/', after: 'A' })).toEqual(['a/1', 'a/2']);
        expect(await keys({ prefix: 'a/', after: 'b' })).toEqual([]);
        expect(await keys({ prefix: 'a/', after: 'b', reverse: true })).toEqual(['a/2', 'a/1']);
        expect(await keys({ prefix: 'a/', after: 'A', reverse: true })).toEqual([]);
      });

      it('answer a limit of none with none', async () => {
        await fill('a');
        expect(await keys({ prefix: '', limit: 0 })).toEqual([]);
      });

      it.each([[''], ['ü'], ['a\nb'], ['a\u007f'], ['a\0']])(
        'that are not printable ASCII are refused: %j',
        async (bad) => {
          await expect(ledger.transact(async (facts) => facts.put(bad, 1))).rejects.toThrow();
          expect(await keys({ prefix: '' })).toEqual([]);
        },
      );

      it('may be long', async () => {
        const long = `a/${'x'.repeat(2000)}`;
        await fill(long);
        expect(await keys({ prefix: 'a/' })).toEqual([long]);
      });
    });

    it('answers every query as a sorted array would', async () => {
      const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', '0', '~', ' '), minLength: 1, maxLength: 3 });
      const change = fc.record({ key, value: fc.option(fc.nat(9)) });
      const query = fc.record({
        prefix: fc.oneof(fc.constant(''), key),
        after: fc.option(key),
        limit: fc.option(fc.nat(5)),
        reverse: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ changes: fc.array(change, { maxLength: 6 }), fails: fc.boolean() }), { maxLength: 5 }),
          fc.array(query, { minLength: 1, maxLength: 5 }),
          async (transactions, queries) => {
            let model = new Map<string, Json>();
            const wipe = ledger.transact(async (facts) => {
              for (const { key } of await facts.list({ prefix: '' })) facts.delete(key);
            }, 'relaxed');
            await wipe;
            for (const { changes, fails } of transactions) {
              const after = new Map(model);
              const outcome = ledger.transact(async (facts) => {
                for (const { key, value } of changes) {
                  if (value === null) {
                    facts.delete(key);
                    after.delete(key);
                  } else {
                    facts.put(key, value);
                    after.set(key, value);
                  }
                }
                expect(await facts.list({ prefix: '' })).toEqual(modelList(after, { prefix: '' }));
                if (fails) throw new Error('on purpose');
              }, 'relaxed');
              if (fails) await expect(outcome).rejects.toThrow('on purpose');
              else {
                await outcome;
                model = after;
              }
            }
            for (const { prefix, after, limit, reverse } of queries) {
              const asked: FactQuery = {
                prefix,
                reverse,
                ...(after !== null && { after }),
                ...(limit !== null && { limit }),
              };
              expect(await list(asked)).toEqual(modelList(model, asked));
            }
          },
        ),
        { numRuns: 60 },
      );
    });

    it('has everything again after it was opened anew', async () => {
      await ledger.transact(async (facts) => facts.put('durable', 1), 'durable');
      await ledger.transact(async (facts) => facts.put('relaxed', 2), 'relaxed');
      const again = await opened.reopen();
      expect(await again.read((facts) => facts.list({ prefix: '' }))).toEqual([
        { key: 'durable', value: 1 },
        { key: 'relaxed', value: 2 },
      ]);
      await again.transact(increment);
      expect(await again.read((facts) => facts.get('count'))).toBe(1);
    });

    it('ends what was begun before it closes, and refuses what comes after', async () => {
      const last = ledger.transact(async (facts) => facts.put('last', true));
      await ledger.close();
      await last;
      await expect(ledger.transact(async () => undefined)).rejects.toThrow();
      await expect(get('last')).rejects.toThrow();
    });
  });
};
