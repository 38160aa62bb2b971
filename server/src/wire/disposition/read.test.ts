import fc from 'fast-check';
import { expect, test } from 'vitest';
import { disposition } from './disposition.js';
import { readDisposition } from './read.js';

const sent = (text: string) => Buffer.from(text).toString('latin1');

test.each([
  ['form-data; name="a"', { type: 'form-data', name: 'a', fileName: undefined }],
  ['Form-Data;name=a ; filename=b c.txt', { type: 'form-data', name: 'a', fileName: 'b c.txt' }],
  // Browsers (HTML Living Standard, multipart/form-data encoding).
  [
    'form-data; name="a%22b"; filename="x%0D%0Ay%22 100%25 %41.txt"',
    { name: 'a"b', fileName: 'x\r\ny" 100%25 %41.txt' },
  ],
  ['form-data; name="zoë"; filename="日本 😀; a=b.txt"', { name: 'zoë', fileName: '日本 😀; a=b.txt' }],
  // curl.
  ['form-data; name="f"; filename="say \\"hi\\"\\\\.txt"', { fileName: 'say "hi"\\.txt' }],
  // Internet Explorer sent paths.
  ['form-data; name="f"; filename="C:\\temp\\new.txt"', { fileName: 'C:\\temp\\new.txt' }],
  ['form-data; filename=""; name=""', { name: '', fileName: '' }],
  // The examples of RFC 8187 §3.2.3.
  ['attachment; filename="a"; filename*=UTF-8\'\'%c2%a3%20and%20%e2%82%ac%20rates', { fileName: '£ and € rates' }],
  ["attachment; filename*=iso-8859-1'en'%A3%20rates", { fileName: '£ rates' }],
  ["attachment; filename=a; filename*=x-odd''b", { fileName: 'a' }],
  ['form-data; name="a"; name="b"', { name: 'a' }],
  ['', { type: '', name: undefined, fileName: undefined }],
])('%s', (field, facts) => {
  expect(readDisposition(sent(field))).toMatchObject(facts);
});

test('what is not UTF-8 is taken for ISO-8859-1', () => {
  expect(readDisposition('form-data; name="\xe9t\xe9"').name).toBe('été');
});

test('any name that was written is read', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }).filter((name) => !/\p{Cc}|%(22|0D|0A)/iu.test(name)),
      (name) => {
        expect(readDisposition(disposition('attachment', name)).fileName).toBe(name);
      },
    ),
  );
});
