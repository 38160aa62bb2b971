import { effect } from '@preact/signals';
import { expect, test } from 'vitest';
import { madeUpload } from '../live/testing/upload.js';
import { liveUploads } from './uploads.js';

test('a change of one upload is told to who watches that one, and the list stays as it is', () => {
  const uploads = liveUploads();
  uploads.replace([madeUpload({ id: 'a' }), madeUpload({ id: 'b' })]);
  const before = uploads.changes.value;
  const seen: number[] = [];
  const stop = effect(() => {
    seen.push(uploads.byId.get('a')?.value.received ?? -1);
  });
  uploads.merge([madeUpload({ id: 'b', received: 700 })]);
  uploads.merge([madeUpload({ id: 'a', received: 600 })]);
  stop();
  expect(seen).toEqual([500, 600]);
  expect(uploads.changes.value).toBe(before);
});

test('what ends stays until it is swept; what was never there does not come by ending', () => {
  const uploads = liveUploads();
  uploads.replace([madeUpload({ id: 'a' })]);
  const before = uploads.changes.value;
  uploads.merge([madeUpload({ id: 'a', state: 'finished' }), madeUpload({ id: 'z', state: 'cancelled' })]);
  expect(uploads.changes.value).toBeGreaterThan(before);
  expect([...uploads.byId.keys()]).toEqual(['a']);
  uploads.sweep();
  expect([...uploads.byId.keys()]).toEqual([]);
});

test('after the stream was lost, only what is told anew is there', () => {
  const uploads = liveUploads();
  uploads.replace([madeUpload({ id: 'a' }), madeUpload({ id: 'b' })]);
  const b = uploads.byId.get('b');
  uploads.replace([madeUpload({ id: 'b', received: 900 }), madeUpload({ id: 'c' })]);
  expect([...uploads.byId.keys()]).toEqual(['b', 'c']);
  // The row that shows it goes on.
  expect(uploads.byId.get('b')).toBe(b);
  expect(b?.value.received).toBe(900);
});
