import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { check } from '../../src/services/fsck/check.js';
import { withDataOf } from './aftermath.js';
import { type Answer, ask } from './ask.js';
import { type DataFolder, type Lives, makeDataFolder, openLives } from './lives.js';
import { seeded } from './power.js';
import { contentOf } from './site.js';

let folder: DataFolder;
let one: Lives;
let other: Lives;
beforeEach(async () => {
  folder = await makeDataFolder();
  // A lease that is not taken over at once is refused long before its holder would be taken for dead for its silence.
  const impatient = ['--engine-patience-ms', '5000'];
  [one, other] = await Promise.all([openLives(folder.dir, impatient), openLives(folder.dir, impatient)]);
  await Promise.all([one.begin(), other.begin()]);
});
afterEach(async () => {
  await Promise.all([one.close(), other.close()]);
  await folder.remove();
});

const content = contentOf(seeded(7), 3_000_000);

const headers = () => ({ 'tus-resumable': '1.0.0', authorization: `Bearer ${folder.key}` });
const chunkHeaders = (start: number) => ({
  ...headers(),
  'content-type': 'application/offset+octet-stream',
  'upload-offset': start,
});

const create = async (): Promise<string> => {
  const asking = { method: 'POST', path: '/files/', headers: { ...headers(), 'upload-length': content.length } };
  const { status, headers: said } = await ask(one.port, asking);
  expect(status).toBe(201);
  return new URL(said.location ?? '').pathname;
};

const patch = ({ port }: Lives, path: string, start: number, end: number): Promise<Answer> =>
  ask(port, { method: 'PATCH', path, headers: chunkHeaders(start), body: content.subarray(start, end) });

const offsetAt = async ({ port }: Lives, path: string): Promise<number> => {
  const { status, headers: said } = await ask(port, { method: 'HEAD', path, headers: headers() });
  expect(status).toBe(200);
  return Number(said['upload-offset']);
};

/** Begins a chunk from `start` to the content's end, and sends it up to `end`; its upload is held by that server. */
const beginPatch = async ({ port }: Lives, path: string, start: number, end: number): Promise<ClientRequest> => {
  const sent = request({
    ...{ host: '127.0.0.1', port, method: 'PATCH', path, agent: false },
    headers: { ...chunkHeaders(start), expect: '100-continue', 'content-length': content.length - start },
  });
  sent.flushHeaders();
  await once(sent, 'continue');
  await new Promise((resolve) => sent.write(content.subarray(start, end), resolve));
  return sent;
};

/** Sends chunks to one server and the other in turn until `end`. */
const alternate = async (path: string, start: number, end: number): Promise<void> => {
  const step = 200_000;
  for (let at = start, turn = 0; at < end; at += step, turn += 1) {
    const { status } = await patch(turn % 2 === 0 ? one : other, path, at, Math.min(end, at + step));
    expect(status).toBe(204);
  }
};

const expectWhole = async (path: string): Promise<void> => {
  for (const { port } of [one, other]) {
    const { status, body } = await ask(port, { method: 'GET', path, headers: headers() });
    expect({ status, same: body.equals(content) }).toEqual({ status: 200, same: true });
  }
  await Promise.all([one.stop(), other.stop()]);
  const found = await withDataOf(folder.dir, async (data) => {
    const all: unknown[] = [];
    await check(data, { all: true, digests: true }, (finding) => all.push(finding));
    return all;
  });
  expect(found).toEqual([]);
};

it('one of two servers goes on at once with what the other one was killed over', async () => {
  const path = await create();
  await alternate(path, 0, 1_000_000);
  const cut = await beginPatch(one, path, 1_000_000, 1_700_000);
  cut.on('error', () => undefined);
  await one.kill();

  const offset = await offsetAt(other, path);
  expect(offset).toBeGreaterThanOrEqual(1_000_000);
  expect(offset).toBeLessThanOrEqual(1_700_000);
  expect((await patch(other, path, offset, 2_000_000)).status).toBe(204);
  await one.begin();
  await alternate(path, 2_000_000, content.length);
  await expectWhole(path);
});

it('a client that comes back to the other server gets its upload from the one that still holds it', async () => {
  const path = await create();
  await alternate(path, 0, 600_000);
  const held = await beginPatch(one, path, 600_000, 1_400_000);
  held.on('error', () => undefined);

  const offset = await offsetAt(other, path);
  expect(offset).toBeGreaterThanOrEqual(600_000);
  expect(offset).toBeLessThanOrEqual(1_400_000);
  await alternate(path, offset, content.length);
  held.destroy();
  await expectWhole(path);
});
