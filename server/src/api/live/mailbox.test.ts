import { expect, test } from 'vitest';
import { Mailbox } from './mailbox.js';

const openBox = () => {
  let hellos = 0;
  const box = new Mailbox(
    () => {
      hellos += 1;
      return `{"hello":${hellos}}`;
    },
    () => 7,
  );
  return { box, hellos: () => hellos };
};

const upload = (id: number, received = 0) => ({ text: JSON.stringify({ id, received }) });

test('a watcher is told all there is, then each thing that changed once, as it is by now', () => {
  const { box } = openBox();
  expect(box.isEmpty).toBe(false);
  expect(box.take()).toBe('event: hello\ndata: {"hello":1}\n\n');
  expect(box.isEmpty).toBe(true);
  expect(box.take()).toBe('');
  for (let received = 1; received <= 1_000; received += 1) box.put('uploads', 'a', upload(1, received));
  box.put('uploads', 'b', upload(2));
  box.put('jobs', 'a', { text: '{}' });
  box.tell('event', { text: '{"number":1}' }, 1);
  box.tell('event', { text: '{"number":2}' }, 2);
  box.tell('health', { text: '{"old":true}' });
  box.tell('health', { text: '{"old":false}' });
  expect(box.take().split('\n\n')).toEqual([
    'event: event\ndata: {"number":1}',
    'event: event\ndata: {"number":2}',
    'event: health\ndata: {"old":false}',
    'event: uploads\ndata: {"at":7,"uploads":[{"id":1,"received":1000},{"id":2,"received":0}]}',
    'event: jobs\ndata: {"jobs":[{}]}',
    '',
  ]);
  expect(box.isEmpty).toBe(true);
});

test('what changed much comes in several messages', () => {
  const { box } = openBox();
  box.take();
  for (let id = 0; id < 2_500; id += 1) box.put('uploads', String(id), upload(id));
  const counts = [];
  while (!box.isEmpty) counts.push(box.take().split('"id"').length - 1);
  expect(counts).toEqual([1_000, 1_000, 500]);
});

test('a watcher that takes nothing for long is told all anew, and no more waits for it than that', () => {
  const { box, hellos } = openBox();
  box.take();
  for (let number = 0; number < 50_000; number += 1) {
    box.tell('event', { text: `{"number":${number}}` }, number);
    box.put('uploads', String(number), upload(number));
  }
  let text = '';
  while (!box.isEmpty) text += box.take();
  expect(hellos()).toBe(2);
  expect(text.split('\n\n').length).toBeLessThan(10_100);
});
