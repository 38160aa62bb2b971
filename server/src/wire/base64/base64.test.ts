import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BadBase64, type Base64Options, base64Decoder, decodeBase64 } from './decode.js';
import { encodeBase64 } from './encode.js';

const cut = (bytes: Buffer, at: readonly number[]): Buffer[] => {
  const places = [...new Set([0, ...at.map((each) => each % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return places.slice(1).map((end, n) => bytes.subarray(places[n], end));
};

const decode = (runs: readonly Buffer[], options?: Base64Options): Buffer => {
  const decoder = base64Decoder(options);
  return Buffer.concat([...runs.map((run) => decoder.write(run)), decoder.end()]);
};

const text = (base64: string, options?: Base64Options) =>
  decode([Buffer.from(base64, 'latin1')], options).toString('latin1');

test('the vectors of RFC 4648 §10', () => {
  const vectors = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'];
  const encoded = ['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy'];
  expect(encoded.map((each) => text(each))).toEqual(vectors);
});

test('any bytes, broken into lines of any length and cut anywhere, come out as they went in', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.option(fc.integer({ min: 1, max: 80 })),
      fc.constantFrom('\n', '\r\n', ' ', '\t \n'),
      fc.array(fc.nat(), { maxLength: 20 }),
      (bytes, width, end, cuts) => {
        const plain = Buffer.from(bytes).toString('base64');
        const lines = width === null ? plain : plain.replace(new RegExp(`.{${width}}`, 'g'), `$&${end}`);
        expect(decode(cut(Buffer.from(lines, 'latin1'), cuts))).toEqual(Buffer.from(bytes));
      },
    ),
  );
});

test('one character that does not belong is refused, wherever it stands and however it is cut', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.nat(),
      fc.integer({ min: 0, max: 255 }).filter((code) => !/[A-Za-z0-9+/=\t\n\r ]/.test(String.fromCharCode(code))),
      fc.array(fc.nat(), { maxLength: 8 }),
      fc.boolean(),
      (bytes, place, code, cuts, replace) => {
        const good = Buffer.from(Buffer.from(bytes).toString('base64'), 'latin1');
        const at = place % good.length;
        const bad = Buffer.concat([good.subarray(0, at), Buffer.from([code]), good.subarray(replace ? at + 1 : at)]);
        expect(() => decode(cut(bad, cuts))).toThrow(BadBase64);
      },
    ),
  );
});

test.each([
  'Z',
  'Zg',
  'Zm8',
  'Zm9vYg=',
  'Zg=',
  'Zg===',
  'Z===',
  '=',
  '====',
  'Zg==Zg==',
  'Zg=Z',
  'Zm9v=',
  'Zm-v',
  'Zm_v',
  'Zm9vY',
])('a wrong length or padding is refused: %s', (base64) => {
  expect(() => text(base64)).toThrow(BadBase64);
});

test('missing padding is taken where that is allowed', () => {
  expect(text('Zm8', { padding: 'optional' })).toBe('fo');
  expect(text('Zg', { padding: 'optional' })).toBe('f');
  expect(() => text('Z', { padding: 'optional' })).toThrow(BadBase64);
  expect(() => text('Zg=', { padding: 'optional' })).toThrow(BadBase64);
});

test('streams both ways', async () => {
  async function* pieces() {
    yield Buffer.from('ab');
    yield Buffer.from('cdefg');
    yield Buffer.from('h');
  }
  async function* encoded() {
    for await (const each of encodeBase64(pieces())) yield Buffer.from(each);
  }
  const out: Buffer[] = [];
  for await (const each of decodeBase64(encoded())) out.push(each);
  expect(Buffer.concat(out).toString()).toBe('abcdefgh');
});
