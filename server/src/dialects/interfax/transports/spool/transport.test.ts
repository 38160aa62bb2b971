import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Line, Outgoing } from '../transport.js';
import { spoolTransport } from './transport.js';

const never = new AbortController().signal;
const image = Buffer.from('II*\0 and so on');

const fax = (noted = ''): Outgoing => ({
  id: 42,
  key: '42-job1',
  attempt: 1,
  number: '00441234567',
  contact: 'Ann "A" Äpfel',
  csid: 'Longshore',
  subject: 'About',
  owner: 'ann@example.com',
  submittedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  image: {
    bytes: async function* () {
      yield image.subarray(0, 5);
      yield image.subarray(5);
    },
    size: image.length,
    pages: 3,
    pageSize: 'A4',
    resolution: 'Fine',
  },
  noted,
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const outgoing = async () => (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
const staged = () => readdir(join(folder, '.staged'));

/** A line that dies at a step, as the process might; it says what was noted. */
const line = (diesAt?: 'note' | 'on') => {
  const told = { noted: '' };
  const mortal: Line = {
    note: async (what) => {
      if (diesAt === 'note') throw new Error('dead');
      told.noted = what;
    },
    onLine: async () => {
      if (diesAt === 'on') throw new Error('dead');
    },
  };
  return { ...mortal, told };
};

test('a fax is an image and its ticket, whole', async () => {
  const outcome = await spoolTransport(folder).send(fax(), line(), never);
  expect(outcome).toEqual({ status: 0, pagesSent: 3, duration: 0, remoteCsid: '' });
  expect(await outgoing()).toEqual(['42-job1.json', '42-job1.tif']);
  expect(await readFile(join(folder, '42-job1.tif'))).toEqual(image);
  expect(JSON.parse(await readFile(join(folder, '42-job1.json'), 'utf8'))).toEqual({
    id: 42,
    key: '42-job1',
    image: '42-job1.tif',
    number: '00441234567',
    contact: 'Ann "A" Äpfel',
    csid: 'Longshore',
    subject: 'About',
    owner: 'ann@example.com',
    pages: 3,
    pageSize: 'A4',
    resolution: 'Fine',
    submittedAt: '2026-01-02T03:04:05.000Z',
  });
  expect(await staged()).toEqual([]);
});

test('nothing of a fax is to be seen before it is noted, and after a death it is handed over once', async () => {
  const transport = spoolTransport(folder);
  for (const step of ['note', 'on'] as const) {
    const dying = line(step);
    await expect(transport.send(fax(), dying, never)).rejects.toThrow('dead');
    expect(await outgoing()).toEqual([]);
    const next = line();
    await transport.send(fax(dying.told.noted), next, never);
    expect(await outgoing()).toEqual(['42-job1.json', '42-job1.tif']);
    for (const name of await outgoing()) await rm(join(folder, name));
  }
});

test('a fax that was taken already is not put there again', async () => {
  const transport = spoolTransport(folder);
  const first = line();
  await transport.send(fax(), first, never);
  for (const name of await outgoing()) await rm(join(folder, name));
  // The process died before it could say that the fax was sent.
  expect(await transport.send(fax(first.told.noted), line(), never)).toMatchObject({ status: 0 });
  expect(await outgoing()).toEqual([]);
});

test('the ticket comes when the image is there', async () => {
  const transport = spoolTransport(folder);
  const dying = line('on');
  await expect(transport.send(fax(), dying, never)).rejects.toThrow();
  // The ticket cannot be moved where a folder has its name.
  await writeFile(join(folder, 'keep'), '');
  const { mkdir } = await import('node:fs/promises');
  await mkdir(join(folder, '42-job1.json', 'in-the-way'), { recursive: true });
  await expect(transport.send(fax(dying.told.noted), line(), never)).rejects.toThrow();
  expect(await readFile(join(folder, '42-job1.tif'))).toEqual(image);
  expect(await staged()).toEqual(['42-job1.json']);
  await rm(join(folder, '42-job1.json'), { recursive: true });
  await transport.send(fax(dying.told.noted), line(), never);
  expect(await outgoing()).toEqual(['42-job1.json', '42-job1.tif', 'keep']);
});

test('an image that cannot be read leaves no fax; a cancelled one leaves nothing', async () => {
  const transport = spoolTransport(folder);
  const broken = {
    ...fax(),
    image: {
      ...fax().image,
      bytes: async function* () {
        yield image.subarray(0, 5);
        throw new Error('the store is gone');
      },
    },
  };
  await expect(transport.send(broken, line(), never)).rejects.toThrow('the store is gone');
  expect(await outgoing()).toEqual([]);
  const dying = line('on');
  await expect(transport.send(fax(), dying, never)).rejects.toThrow();
  await transport.withdraw(dying.told.noted);
  expect(await staged()).toEqual([]);
});
