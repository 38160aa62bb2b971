import { expect, test } from 'vitest';
import type { ConversionInput } from './conversion.js';
import { type FileKind, kindOf } from './kinds.js';

const input = (name: string, head: string): ConversionInput => {
  const bytes = Buffer.from(head, 'latin1');
  return {
    id: name,
    name,
    type: 'application/octet-stream',
    size: bytes.length,
    digests: {},
    options: {},
    password: null,
    read: async function* (range = { start: 0, end: bytes.length }) {
      yield bytes.subarray(range.start, range.end);
    },
    path: () => Promise.reject(new Error('it is not wanted')),
  };
};

test.each<[name: string, head: string, kind: FileKind]>([
  ['a.pdf', '%PDF-1.7', 'pdf'],
  ['a.txt', 'junk\r\n%PDF-1.4', 'pdf'],
  ['a', '{\\rtf1', 'office'],
  ['a', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'office'],
  ['a.docx', 'PK\x03\x04', 'office'],
  ['a.zip', 'PK\x03\x04', 'picture'],
  ['a.TXT', 'plain', 'office'],
  ['a.txt', '', 'office'],
  ['a', 'ID3\x04', 'media'],
  ['a', '\xff\xfb\x90', 'media'],
  ['a', 'OggS', 'media'],
  ['a', 'RIFF1234WAVEfmt ', 'media'],
  ['a', 'RIFF1234AVI LIST', 'media'],
  ['a.wav', 'RIFF1234WEBPVP8 ', 'picture'],
  ['a', '\x00\x00\x00\x20ftypisom', 'media'],
  ['a', '\x00\x00\x00\x1cftypavif', 'picture'],
  ['a', '\x1aE\xdf\xa3', 'media'],
  ['a.mts', 'G', 'picture'],
  ['a.mpg', '\x00\x00\x01\xba', 'media'],
  ['a.jpg', '\xff\xd8\xff\xe0', 'picture'],
  ['a', '\x89PNG\r\n', 'picture'],
  ['a', 'FORM1234AIFF', 'media'],
])('%s that begins with %j is %s', async (name, head, kind) => {
  expect(await kindOf(input(name, head))).toBe(kind);
});
