import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../engine/refusals.js';
import type { Upload } from '../../engine/upload.js';
import {
  describe as describeUpload,
  fileOf,
  idAt,
  readCheck,
  readChecksum,
  readCount,
  readCreation,
  readMetadata,
} from './messages.js';

const upload = (facts: Partial<Upload> = {}): Upload => ({
  id: 'abc',
  dialect: 'tus',
  owner: 'alice',
  state: 'open',
  size: 100,
  maxSize: null,
  received: 70,
  contiguous: 70,
  declared: {},
  digests: {},
  metadata: { metadata: null, concat: null },
  group: null,
  expiry: null,
  tier: 'durable',
  reserved: 100,
  createdAt: 0,
  touchedAt: 0,
  endedAt: null,
  object: null,
  result: null,
  ...facts,
});

const kindOf = (run: () => unknown): string | undefined => {
  try {
    run();
  } catch (error) {
    if (isRefusal(error)) return error.kind;
    throw error;
  }
  return undefined;
};

const encode = (text: string) => Buffer.from(text).toString('base64');

describe('numbers', () => {
  test.each([
    ['0', 0],
    ['70', 70],
    ['9007199254740991', 9007199254740991],
  ])('%s', (value, count) => {
    expect(readCount({ 'upload-offset': value }, 'Upload-Offset')).toBe(count);
  });

  test.each([
    '-1',
    '',
    ' ',
    '1.5',
    '1e3',
    '0x10',
    '+5',
    'many',
    '5, 5',
    '9007199254740992',
    '99999999999999999999',
    '١',
  ])('%j is refused', (value) => {
    expect(kindOf(() => readCount({ 'upload-length': value }, 'Upload-Length'))).toBe('malformed');
  });

  test('one that was not sent is nothing', () => {
    expect(readCount({}, 'Upload-Length')).toBeUndefined();
  });
});

describe('metadata', () => {
  test('the example of the specification', () => {
    const pairs = readMetadata('filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,is_confidential', 8192);
    expect([...pairs]).toEqual([
      ['filename', 'world_domination_plan.pdf'],
      ['is_confidential', ''],
    ]);
  });

  test.each([
    ['an empty pair', 'a,,b'],
    ['a key twice', 'a MQ==,a Mg=='],
    ['two values', 'a MQ== Mg=='],
    ['no Base64', 'a !!!!'],
    ['Base64 of an impossible length', 'a MQ='],
    ['a key beyond ASCII', 'clé MQ=='],
  ])('with %s is refused', (_, header) => {
    expect(kindOf(() => readMetadata(header, 8192))).toBe('malformed');
  });

  test('longer than the limit is refused', () => {
    expect(kindOf(() => readMetadata(`a ${'A'.repeat(8188)}`, 8192))).toBeUndefined();
    expect(kindOf(() => readMetadata(`a ${'A'.repeat(8192)}`, 8192))).toBe('malformed');
  });

  test('whatever values were encoded come back', () => {
    const pairs = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[!-+.-~]{1,20}$/), fc.string({ unit: 'grapheme' })), {
      selector: ([key]) => key,
      minLength: 1,
    });
    fc.assert(
      fc.property(pairs, (each) => {
        const header = each.map(([key, value]) => `${key} ${encode(value)}`).join(',');
        expect([...readMetadata(header, Number.POSITIVE_INFINITY)]).toEqual(each);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the file of an upload', () => {
  const named = (header: string) => fileOf(upload({ metadata: { metadata: header, concat: null } }));

  test('has the name and type that the client gave', () => {
    expect(named(`filename ${encode('plan.pdf')},filetype ${encode('application/pdf')}`)).toEqual({
      name: 'plan.pdf',
      type: 'application/pdf',
    });
    expect(named(`name ${encode('plan.pdf')},type ${encode('text/plain; charset=utf-8')}`)).toEqual({
      name: 'plan.pdf',
      type: 'text/plain; charset=utf-8',
    });
  });

  test('has the id of its upload where there is no usable name', () => {
    expect(fileOf(upload())).toEqual({ name: 'abc' });
    expect(named(`filename ${encode('../..')}`)).toEqual({ name: 'abc' });
  });

  test('has no type that could break a header', () => {
    expect(named(`filename ${encode('a')},filetype ${encode('text/html\r\nX: y')}`)).toEqual({ name: 'a' });
    expect(named(`filename ${encode('a')},filetype ${encode('text')}`)).toEqual({ name: 'a' });
  });
});

describe('checksums', () => {
  test('the example of the specification', () => {
    expect(readChecksum('sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=')).toEqual({
      algorithm: 'sha1',
      hex: '2aae6c35c94fcfb415dbe95f408b9ce91ee846ed',
    });
  });

  test.each([
    'sha1',
    'sha1 ',
    'sha1 Kq5s',
    'sha1 ???',
    'sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0= x',
    'md5 Kq5sNclPz7QV2+lfQIuc6R7oRu0=',
  ])('%j is malformed', (value) => {
    expect(kindOf(() => readChecksum(value))).toBe('malformed');
  });

  test.each(['', 'SHA1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=', 'sha3 AAAA', 'constructor AAAA'])(
    '%j is not supported',
    (value) => {
      expect(kindOf(() => readChecksum(value))).toBe('digest-unsupported');
    },
  );

  test('a trailer is announced, and does not go with a header', () => {
    expect(readCheck({ trailer: 'Expires, upload-checksum' })).toBe('trailer');
    expect(readCheck({ trailer: 'Expires' })).toBeNull();
    const both = { trailer: 'Upload-Checksum', 'upload-checksum': 'sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=' };
    expect(kindOf(() => readCheck(both))).toBe('malformed');
  });
});

describe('creations', () => {
  test.each([
    ['neither length', {}],
    ['both lengths', { 'upload-length': '5', 'upload-defer-length': '1' }],
    ['a deferral that is not 1', { 'upload-defer-length': '0' }],
    ['a concatenation of nothing', { 'upload-concat': 'final;' }],
    ['an unknown concatenation', { 'upload-concat': 'finale;/files/a', 'upload-length': '5' }],
    ['a final upload with a length', { 'upload-concat': 'final;/files/a', 'upload-length': '5' }],
  ])('with %s are refused', (_, headers) => {
    expect(kindOf(() => readCreation(headers, 8192))).toBe('malformed');
  });

  test('a final upload names its parts in order', () => {
    expect(readCreation({ 'upload-concat': 'final;/files/a /files/b' }, 8192)).toEqual({
      size: null,
      kept: { metadata: null, concat: 'final;/files/a /files/b' },
      parts: ['/files/a', '/files/b'],
    });
  });
});

describe('the URL of a partial upload', () => {
  const place = { origin: 'http://files.example/up', path: '/files/' };

  test.each([
    'http://files.example/up/files/abc',
    'https://other.example/up/files/abc',
    '/up/files/abc',
    '/files/abc',
    'abc',
    '//files.example/up/files/abc',
    'http://proxy.example/outer/up/files/abc',
  ])('%s', (url) => {
    expect(idAt(url, place)).toBe('abc');
  });

  test.each([
    '',
    '/',
    'http://',
    'http://files.example/up/files/',
    '/abc',
    '/elsewhere/abc',
    '/up/files/a/b',
    '/up/files/%2e%2e',
    'javascript:1',
  ])('%j is refused', (url) => {
    expect(kindOf(() => idAt(url, place))).toBe('malformed');
  });
});

describe('what is told of an upload', () => {
  test('an unfinished one', () => {
    const expiry = { at: Date.UTC(2014, 5, 25, 16), sliding: null };
    expect(describeUpload(upload({ expiry }))).toEqual({
      'upload-offset': 70,
      'upload-length': 100,
      'upload-expires': 'Wed, 25 Jun 2014 16:00:00 GMT',
    });
  });

  test('one of deferred length', () => {
    expect(describeUpload(upload({ size: null }))).toEqual({ 'upload-offset': 70, 'upload-defer-length': '1' });
  });

  test('a final one has no offset until it is joined', () => {
    const metadata = { metadata: 'a MQ==', concat: 'final;/files/a /files/b' };
    expect(describeUpload(upload({ metadata, received: 0, contiguous: 0 }))).toEqual({
      'upload-length': 100,
      'upload-metadata': 'a MQ==',
      'upload-concat': 'final;/files/a /files/b',
    });
    expect(describeUpload(upload({ metadata, contiguous: 100, state: 'finished' }))).toMatchObject({
      'upload-offset': 100,
    });
  });
});
