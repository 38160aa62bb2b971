import { expect, test } from 'vitest';
import { disposition } from './disposition.js';

test.each([
  ['report.pdf', 'attachment; filename="report.pdf"'],
  ['say "hi"\\.txt', 'attachment; filename="say \\"hi\\"\\\\.txt"'],
  // The examples of RFC 6266 §5 and RFC 8187 §3.2.3 have these characters.
  ['€ rates', 'attachment; filename="_ rates"; filename*=UTF-8\'\'%E2%82%AC%20rates'],
  ['£ and € rates', 'attachment; filename="_ and _ rates"; filename*=UTF-8\'\'%C2%A3%20and%20%E2%82%AC%20rates'],
  ['50%41.txt', 'attachment; filename="50_41.txt"; filename*=UTF-8\'\'50%2541.txt'],
  ["ü'(*).txt", "attachment; filename=\"_'(*).txt\"; filename*=UTF-8''%C3%BC%27%28%2A%29.txt"],
  ['a\r\nSet-Cookie: x', 'attachment; filename="a__Set-Cookie: x"'],
  ['😀', 'attachment; filename="_"; filename*=UTF-8\'\'%F0%9F%98%80'],
  ['\ud800', 'attachment; filename="_"; filename*=UTF-8\'\'%EF%BF%BD'],
])('%j', (name, header) => {
  expect(disposition('attachment', name)).toBe(header);
});

test('inline', () => {
  expect(disposition('inline', 'a.png')).toBe('inline; filename="a.png"');
});
