import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formFields } from '../fields/form.js';
import { multipartFields } from './fields.js';

const cut = (bytes: Buffer, at: readonly number[]): Buffer[] => {
  const places = [...new Set([0, ...at.map((each) => each % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return places.slice(1).map((end, n) => bytes.subarray(places[n], end));
};

async function* given(runs: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* runs;
}

const bytesOf = async (source: AsyncIterable<Buffer>) => {
  const runs: Buffer[] = [];
  for await (const run of source) runs.push(run);
  return Buffer.concat(runs);
};

const read = async (runs: readonly Buffer[], boundary = 'B') => {
  const found: object[] = [];
  for await (const { name, file, fileName, headers, value } of multipartFields(given(runs), boundary))
    found.push({ name, file, fileName, type: headers['content-type'], value: await bytesOf(value('text')) });
  return found;
};

const part = (headers: string, value: string | Buffer) =>
  Buffer.concat([Buffer.from(`--B\r\n${headers}\r\n\r\n`), Buffer.from(value), Buffer.from('\r\n')]);

const end = Buffer.from('--B--\r\n');

test('whatever is in the fields, and however the body is cut, they come out as they went in', async () => {
  // Values that look much like a boundary.
  const value = fc
    .array(fc.oneof(fc.constantFrom('\r\n--B', '\r\n--', '\r', '\n', '--B', '\r\n-', 'B'), fc.string()), {
      maxLength: 8,
    })
    .map((pieces) => Buffer.from(pieces.join('').replaceAll(/(^|\r\n)--B/g, '$1--b')));
  const field = fc.record({ name: fc.stringMatching(/^[a-z]{0,8}$/), file: fc.boolean(), value });
  await fc.assert(
    fc.asyncProperty(
      fc.array(field, { maxLength: 5 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      fc.boolean(),
      async (fields, cuts, surrounded) => {
        const parts = fields.map(({ name, file, value }) =>
          part(`Content-Disposition: form-data; name="${name}"${file ? '; filename="a.bin"' : ''}`, value),
        );
        const body = Buffer.concat([
          Buffer.from(surrounded ? 'a preamble\r\n' : ''),
          ...parts,
          end,
          Buffer.from(surrounded ? 'an epilogue\r\n--B\r\n' : ''),
        ]);
        expect(await read(cut(body, cuts))).toEqual(
          fields.map(({ name, file, value }) => ({
            name,
            file,
            fileName: file ? 'a.bin' : undefined,
            type: undefined,
            value,
          })),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('how many bytes of the form lie before a value is told, wherever the form is cut', async () => {
  const disposition = (name: string) => `Content-Disposition: form-data; name=${name}`;
  const body = Buffer.concat([part(disposition('a'), '123'), part(disposition('b'), 'file'), end]);
  for (const cuts of [[], [1, 40, 41, 45, 90, 100], [...body.keys()]]) {
    const before: number[] = [];
    for await (const field of multipartFields(given(cut(body, cuts)), 'B')) before.push(field.before);
    expect(before).toEqual([body.indexOf('123'), body.indexOf('file')]);
  }
});

test('the forms of fetch', async () => {
  const form = new FormData();
  form.append('ticket', 'zoë "€"');
  form.append('chunk', new Blob([Buffer.from([0, 13, 10, 255])], { type: 'application/octet-stream' }));
  form.append('a"b\r\n', new File(['x'], 'say "hi" 100%.txt', { type: 'text/plain' }));
  const request = new Request('http://127.0.0.1/', { method: 'POST', body: form });
  const body = Buffer.from(await request.arrayBuffer());
  for (const cuts of [[], [1, 7, 50, 60, 61, 62, 100, 200, 300]]) {
    const found: object[] = [];
    for await (const { name, file, fileName, headers, value } of formFields(
      request.headers.get('content-type') ?? '',
      given(cut(body, cuts)),
    ) ?? [])
      found.push([name, file, fileName, headers['content-type'], (await bytesOf(value('text'))).toString('latin1')]);
    expect(found).toEqual([
      ['ticket', false, undefined, undefined, Buffer.from('zoë "€"').toString('latin1')],
      ['chunk', true, 'blob', 'application/octet-stream', '\0\r\n\xff'],
      ['a"b\r\n', true, 'say "hi" 100%.txt', 'text/plain', 'x'],
    ]);
  }
});

test('what makes a field a file, and base64 that is of the transfer', async () => {
  const disposition = 'content-disposition: form-data; name=a';
  const body = [
    part(disposition, 'aGk='),
    part(`${disposition}\r\nContent-Type: Application/Octet-Stream; x=y`, 'aGk='),
    part(`${disposition}\r\nContent-Transfer-Encoding: 8bit\r\nContent-Type: text/plain; charset=UTF-8`, 'aGk='),
    part(`Content-Transfer-Encoding: BASE64\r\n${disposition}`, 'aGk='),
    part('X: 1', 'no name'),
    end,
  ];
  expect(await read(body)).toMatchObject([
    { name: 'a', file: false, value: Buffer.from('aGk=') },
    { name: 'a', file: true, value: Buffer.from('aGk=') },
    { name: 'a', file: false, value: Buffer.from('aGk=') },
    { name: 'a', file: false, value: Buffer.from('hi') },
    { name: '', file: false, value: Buffer.from('no name') },
  ]);
});

test('a field that is left unread is skipped, and nothing is read ahead of whom asks', async () => {
  let asked = 0;
  const source = async function* () {
    yield part('Content-Disposition: form-data; name=a', '');
    yield Buffer.from('--B\r\nContent-Disposition: form-data; name=b\r\n\r\n');
    for (; asked < 1000; asked += 1) yield Buffer.alloc(1024);
    yield Buffer.from('\r\n');
    yield part('Content-Disposition: form-data; name=c', 'x');
    yield end;
  };
  const names: string[] = [];
  for await (const { name, value } of multipartFields(source(), 'B')) {
    names.push(name);
    if (name !== 'b') continue;
    expect(asked).toBeLessThan(3);
    for await (const _ of value('text')) break;
    expect(asked).toBeLessThan(5);
  }
  expect(names).toEqual(['a', 'b', 'c']);
  expect(asked).toBe(1000);
});

test('a form that is cut, and one whose transfer encoding is not known', async () => {
  const whole = Buffer.concat([part('Content-Disposition: form-data; name=a', 'x'), end]);
  for (let length = 0; length < whole.length - '--\r\n'.length; length += 1)
    await expect(read([whole.subarray(0, length)])).rejects.toMatchObject({ name: 'BodyCut' });
  await expect(read([part('Content-Transfer-Encoding: x-odd', ''), end])).rejects.toMatchObject({ name: 'MimeError' });
  await expect(read([whole], '')).rejects.toMatchObject({ name: 'MimeError' });
});

test('which content types are forms', () => {
  expect(formFields('multipart/related; boundary=B', given([]))).toBeUndefined();
  expect(formFields(undefined, given([]))).toBeUndefined();
  expect(formFields('Multipart/Form-Data; boundary="a b"', given([]))).toBeDefined();
});
