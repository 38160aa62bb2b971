import type { Limits } from 'longshore/api';
import { expect, test } from 'vitest';
import { refusalOf } from './refuse.js';

const limits: Limits = {
  maxSize: 1000,
  free: 1500,
  dialects: { tus: { maxSize: 800, endings: null }, interfax: { maxSize: null, endings: ['pdf', 'txt'] } },
};
const offer = { name: 'a.bin', size: 100, protocol: 'tus', queued: 0 } as const;

test.each([
  ['takes what fits', {}, null],
  ['the protocol’s own limit', { size: 801 }, { kind: 'too-large', limit: 800 }],
  ['up to the limit', { size: 800 }, null],
  ['the account’s limit', { size: 1001, protocol: 'fourshared' }, { kind: 'too-large', limit: 1000 }],
  ['the room that is left', { size: 600, queued: 1000 }, { kind: 'no-room', free: 500 }],
  ['no room at all', { size: 1, queued: 9000 }, { kind: 'no-room', free: 0 }],
  ['an empty file needs none', { size: 0, queued: 9000 }, null],
  ['types', { name: 'a.bin', protocol: 'interfax' }, { kind: 'wrong-type', endings: ['pdf', 'txt'] }],
  ['no type', { name: 'pdf', protocol: 'interfax' }, { kind: 'wrong-type', endings: ['pdf', 'txt'] }],
  ['types in any case', { name: 'Letter.PDF', protocol: 'interfax' }, null],
] as const)('%s', (_, change, refusal) => {
  expect(refusalOf({ ...offer, ...change }, limits)).toEqual(refusal);
});

test('a server without limits takes everything', () => {
  expect(refusalOf({ ...offer, size: 1e15 }, { maxSize: null, free: null, dialects: {} })).toBeNull();
});
