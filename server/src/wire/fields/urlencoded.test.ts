import fc from 'fast-check';
import { expect, test } from 'vitest';
import { urlencodedFields } from './urlencoded.js';

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = async (form: string, size = 1000, kind: 'text' | 'base64' = 'text') => {
  const found: [string, string][] = [];
  for await (const field of urlencodedFields(pieces(Buffer.from(form), size))) {
    const runs: Buffer[] = [];
    for await (const run of field.value(kind)) runs.push(run);
    found.push([field.name, Buffer.concat(runs).toString()]);
  }
  return found;
};

test('reads what URLSearchParams writes, cut anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' })), { maxLength: 6 }),
      fc.integer({ min: 1, max: 20 }),
      async (fields, size) => {
        const written = new URLSearchParams(fields);
        expect(await read(written.toString(), size)).toEqual([...new URLSearchParams(written.toString())]);
      },
    ),
    { numRuns: 200 },
  );
});

test('odd spellings', async () => {
  for (const size of [1, 2, 3, 7, 100]) {
    expect(await read('a=%u20AC%u00eb&b&c=&&=x&d=100%&e=%zz%u12', size)).toEqual([
      ['a', '€ë'],
      ['b', ''],
      ['c', ''],
      ['', 'x'],
      ['d', '100%'],
      ['e', '%zz%u12'],
    ]);
    expect(await read('a=%ud83d%uDE00%uD83D%u0041%uDE00%uD83D', size)).toEqual([['a', '😀\ufffdA\ufffd\ufffd']]);
    expect(await read('a=x+y%2Bz', size)).toEqual([['a', 'x y+z']]);
    expect(await read('a=x+y%2Bz', size, 'base64')).toEqual([['a', 'x+y+z']]);
  }
});

test('a name whose end comes with a long value', async () => {
  const source = async function* () {
    yield Buffer.from('a=1&bc');
    yield Buffer.from(`d=${'x'.repeat(5000)}`);
  };
  const names: string[] = [];
  for await (const { name } of urlencodedFields(source())) names.push(name);
  expect(names).toEqual(['a', 'bcd']);
});

test('a value that is left unread is skipped', async () => {
  const names: string[] = [];
  for await (const { name, value } of urlencodedFields(pieces(Buffer.from('a=12345678&b=2&c=3'), 4))) {
    names.push(name);
    if (name === 'a') for await (const _ of value('text')) break;
  }
  expect(names).toEqual(['a', 'b', 'c']);
});

test('names and fields are bounded', async () => {
  const first = async (form: string) => {
    for await (const _ of urlencodedFields(pieces(Buffer.from(form), 100), { name: 10, fields: 3 }));
  };
  await expect(first('x'.repeat(1000))).rejects.toMatchObject({ name: 'FormError' });
  await expect(first('a=1&b=2&c=3&d=4')).rejects.toMatchObject({ name: 'FormError' });
  await first('a=1&b=2&c=3');
});
