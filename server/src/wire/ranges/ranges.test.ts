import { expect, test } from 'vitest';
import { formatContentRange, parseContentRange } from './content-range.js';
import { answerDownload } from './download.js';
import { parseRange, satisfy } from './range.js';

test('Content-Range as RFC 9110 §14.4 writes it', () => {
  expect(parseContentRange('bytes 42-1233/1234')).toEqual({ range: { start: 42, end: 1234 }, size: 1234 });
  expect(parseContentRange('bytes 42-1233/*')).toEqual({ range: { start: 42, end: 1234 }, size: null });
  expect(parseContentRange('bytes */1234')).toEqual({ range: null, size: 1234 });
  expect(parseContentRange('Bytes=0-0/1')).toEqual({ range: { start: 0, end: 1 }, size: 1 });
  expect(formatContentRange({ range: { start: 42, end: 1234 }, size: 1234 })).toBe('bytes 42-1233/1234');
  expect(formatContentRange({ range: null, size: 0 })).toBe('bytes */0');
});

test.each([
  'bytes 10-9/20',
  'bytes 0-20/20',
  'bytes */*',
  'bytes -5/20',
  'bytes 0-/20',
  'items 0-1/2',
  'bytes 0-99999999999999999999/*',
  '0-1/2',
  '',
])('Content-Range %j makes no sense', (header) => {
  expect(parseContentRange(header)).toBeUndefined();
});

test('Range headers', () => {
  expect(parseRange('bytes=0-499')).toEqual([{ start: 0, end: 500 }]);
  expect(parseRange('bytes=9500-')).toEqual([{ start: 9500, end: null }]);
  expect(parseRange('bytes=-500')).toEqual([{ suffix: 500 }]);
  expect(parseRange('bytes= 0-0 , -1')).toEqual([{ start: 0, end: 1 }, { suffix: 1 }]);
  for (const bad of [
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=5-4',
    'bytes=a-b',
    'lines=0-1',
    'bytes=0-1,x',
    'bytes=1-99999999999999999999',
  ])
    expect(parseRange(bad), String(bad)).toBeUndefined();
});

test('ranges are cut to the size', () => {
  expect(satisfy({ start: 0, end: 500 }, 100)).toEqual({ start: 0, end: 100 });
  expect(satisfy({ suffix: 500 }, 100)).toEqual({ start: 0, end: 100 });
  expect(satisfy({ suffix: 10 }, 100)).toEqual({ start: 90, end: 100 });
  expect(satisfy({ suffix: 0 }, 100)).toBeUndefined();
  expect(satisfy({ start: 100, end: null }, 100)).toBeUndefined();
});

const file = { size: 1000, etag: '"abc"', modifiedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678) };

test('a download without a range is whole', () => {
  expect(answerDownload({}, file)).toEqual({
    status: 200,
    headers: {
      'accept-ranges': 'bytes',
      etag: '"abc"',
      'last-modified': 'Fri, 02 Jan 2026 03:04:05 GMT',
      'content-length': 1000,
    },
    range: { start: 0, end: 1000 },
  });
  expect(answerDownload({ range: 'bytes=0-1,5-6' }, file).status).toBe(200);
  expect(answerDownload({ range: 'bytes=nonsense' }, file).status).toBe(200);
  expect(answerDownload({}, { size: 0 })).toEqual({
    status: 200,
    headers: { 'accept-ranges': 'bytes', 'content-length': 0 },
    range: null,
  });
});

test('a part', () => {
  const answer = answerDownload({ range: 'bytes=-100' }, file);
  expect(answer).toMatchObject({ status: 206, range: { start: 900, end: 1000 } });
  expect(answer.headers).toMatchObject({ 'content-length': 100, 'content-range': 'bytes 900-999/1000' });
});

test('a part that is not there', () => {
  const answer = answerDownload({ range: 'bytes=1000-' }, file);
  expect(answer).toMatchObject({ status: 416, range: null, headers: { 'content-range': 'bytes */1000' } });
});

test.each([
  ['"abc"', 206],
  ['"other"', 200],
  ['W/"abc"', 200],
  ['Fri, 02 Jan 2026 03:04:05 GMT', 206],
  ['Fri, 02 Jan 2026 03:04:06 GMT', 200],
])('If-Range: %s gets %i', (ifRange, status) => {
  expect(answerDownload({ range: 'bytes=0-1', 'if-range': ifRange }, file).status).toBe(status);
});
