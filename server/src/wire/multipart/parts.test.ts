import { expect, test } from 'vitest';
import { parseMediaType } from './media-type.js';
import { type MimeLimits, mimeParts } from './parts.js';

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = async (body: string, { size = 1000, limits }: { size?: number; limits?: MimeLimits } = {}) => {
  const found: { headers: object; text: string }[] = [];
  for await (const { headers, body: inside } of mimeParts(pieces(Buffer.from(body), size), 'b-1', limits)) {
    const runs: Buffer[] = [];
    for await (const run of inside) runs.push(run);
    found.push({ headers: { ...headers }, text: Buffer.concat(runs).toString() });
  }
  return found;
};

const body =
  'preamble\r\n--b-1 \r\nContent-Type: text/xml;\r\n charset=utf-8\r\nX: 1\r\nx: 2\r\n\r\none\r\n--b-\r\n\r\n--b-1\r\n\r\n\r\n--b-1--\r\nepilogue';

test('parts, cut anywhere', async () => {
  for (let size = 1; size <= body.length; size += 1) {
    const found = await read(body, { size });
    expect(found).toEqual([
      { headers: { 'content-type': 'text/xml; charset=utf-8', x: '1' }, text: 'one\r\n--b-\r\n' },
      { headers: {}, text: '' },
    ]);
  }
  expect(await read(body.slice('preamble\r\n'.length), { size: 3 })).toHaveLength(2);
});

test('a part that is left unread is skipped', async () => {
  const found: unknown[] = [];
  for await (const { headers } of mimeParts(pieces(Buffer.from(body), 5), 'b-1')) found.push(headers['x']);
  expect(found).toEqual(['1', undefined]);
});

test('a part may be header fields alone, whose empty line is the beginning of the boundary', async () => {
  const text =
    '--b-1\r\nContent-Location: /a\r\n\r\n--b-1\r\nContent-Location: /b\r\n\r\n\r\n--b-1\r\nX: 1\r\n\r\n--b-1--';
  for (let size = 1; size <= text.length; size += 1)
    expect(await read(text, { size })).toEqual([
      { headers: { 'content-location': '/a' }, text: '' },
      { headers: { 'content-location': '/b' }, text: '' },
      { headers: { x: '1' }, text: '' },
    ]);
});

test.each([
  ['no boundary at all', 'x'],
  ['no end', body.slice(0, -14)],
  ['an end in the header', '--b-1\r\nA: b\r\n'],
])('%s is told as a cut', async (_, text) => {
  for (const size of [1, 1000]) await expect(read(text, { size })).rejects.toMatchObject({ name: 'BodyCut' });
});

test.each([
  ['a header field without a name', '--b-1\r\nabc\r\n\r\n\r\n--b-1--'],
  ['a boundary with more behind it', '--b-1x\r\n\r\n\r\n--b-1--'],
])('%s is refused', async (_, text) => {
  for (const size of [1, 1000]) await expect(read(text, { size })).rejects.toMatchObject({ name: 'MimeError' });
});

test('header fields and parts are bounded', async () => {
  const limits = { headers: 20, parts: 1 };
  await expect(read(`--b-1\r\nA: ${'x'.repeat(30)}`, { limits })).rejects.toThrow(/header fields/);
  await expect(read('--b-1\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n\r\n--b-1--', { limits })).rejects.toThrow(
    /header fields/,
  );
  await expect(read('--b-1\r\n\r\n\r\n--b-1\r\n\r\n\r\n--b-1--', { limits })).rejects.toThrow(/parts/);
});

test('media types', () => {
  expect(parseMediaType('Application/SOAP+xml; Charset="utf-8"; action="a;\\"b"')).toEqual({
    type: 'application/soap+xml',
    parameters: { charset: 'utf-8', action: 'a;"b' },
  });
  expect(parseMediaType('text/xml;charset=utf-8')).toEqual({ type: 'text/xml', parameters: { charset: 'utf-8' } });
  expect(parseMediaType('')).toEqual({ type: '', parameters: {} });
});
