import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine } from '../src/engine/engine.js';
import type { Ledger, Store } from '../src/engine/ports.js';
import { Refusal } from '../src/engine/refusals.js';
import { manualClock } from '../src/kit/clock.js';
import { countingIds } from '../src/kit/ids.js';
import { openMemoryLedger } from '../src/ledgers/memory/ledger.js';
import { openMemoryStore } from '../src/stores/memory/store.js';
import { describeWith, lacking } from './clients/needs.js';
import { type Answer, type Asking, ask } from './crash/ask.js';
import { appendChunk, brightsignPath, envelope, soapHeaders, textOf, withArgs } from './crash/brightsign-words.js';
import { type DataFolder, type Lives, makeDataFolder, openLives } from './crash/lives.js';
import { seeded } from './crash/power.js';
import { contentOf, sha1 } from './crash/site.js';
import { longshore } from './server-process.js';

/** A store and a ledger on one disk that can be full. */
const onOneDisk = async () => {
  const store = await openMemoryStore();
  const ledger = await openMemoryLedger();
  const disk = { full: false };
  const needRoom = () => {
    if (disk.full) throw new Refusal('no-room', { needed: null, free: 0 });
  };
  const narrowStore: Store = {
    ...store,
    write: async (part, position, buffers) => {
      needRoom();
      await store.write(part, position, buffers);
    },
  };
  const narrowLedger: Ledger = {
    ...ledger,
    transact: async (work, tier) => {
      needRoom();
      return ledger.transact(work, tier);
    },
  };
  return { store: narrowStore, ledger: narrowLedger, disk };
};

describe('an engine over a store and a ledger that are full', () => {
  it('refuses, keeps what it has, and goes on as soon as there is room', async () => {
    const { store, ledger, disk } = await onOneDisk();
    const engine = createEngine({
      ...{ store, ledger, clock: manualClock(), ids: countingIds() },
      presence: { self: 1, isGone: () => false },
      limits: { heldChunkBytes: 4, batchBytes: 4 },
    });
    const content = Buffer.from('0123456789');
    const { id } = await engine.open({ dialect: 'test', owner: 'ann', size: content.length });
    const pieces = async function* (bytes: Buffer, fillUp: boolean) {
      yield bytes.subarray(0, 2);
      disk.full = fillUp;
      yield bytes.subarray(2);
    };
    const send = async (offset: number, how: { fillUp: boolean; apart: boolean }) => {
      const staged = await engine.stage(pieces(content.subarray(offset, offset + 5), how.fillUp), {
        ...{ upload: id, length: 5, keep: how.apart ? ('whole' as const) : ('arrived' as const) },
        ...(!how.apart && { offset }),
      });
      return engine.accept(staged, { offset });
    };
    await send(0, { fillUp: false, apart: false });
    for (const apart of [false, true]) {
      await expect(send(5, { fillUp: true, apart })).rejects.toMatchObject({ kind: 'no-room' });
      expect(await engine.look(id)).toMatchObject({ received: 5, state: 'open' });
      disk.full = false;
    }
    // Nobody holds the upload any more, though the ledger could not be told so.
    expect(await engine.look(id, { settle: true })).toMatchObject({ received: 5 });
    await send(5, { fillUp: false, apart: false });
    const file = await engine.finish(id);
    const read: Uint8Array[] = [];
    for await (const bytes of engine.read(file, { start: 0, end: content.length })) read.push(bytes);
    expect(Buffer.concat(read)).toEqual(content);
    for await (const { kind, name } of store.list()) expect({ kind, name }).toEqual({ kind: 'object', name: id });
    await engine.close();
  });
});

const mounts = '[ "$(id -u)" = 0 ] && dir=$(mktemp -d) && mount -t tmpfs none "$dir" && umount "$dir" && rmdir "$dir"';

describeWith('a disk of 24 MB', lacking('sh', ['-c', mounts], 'the right to mount a file system'), () => {
  let disk: string;
  let folder: DataFolder;
  let server: Lives;
  beforeEach(async () => {
    disk = await mkdtemp(join(tmpdir(), 'longshore-'));
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk]);
    folder = await makeDataFolder(disk);
  });
  afterEach(async () => {
    await server.close();
    spawnSync('umount', [disk]);
    await rmdir(disk);
  });

  const begin = async (minFree: string) => {
    server = await openLives(folder.dir, ['--store-disk-min-free-bytes', minFree]);
    await server.begin();
  };
  const tus = (asking: Asking): Promise<Answer> => {
    const headers = { 'tus-resumable': '1.0.0', authorization: `Bearer ${folder.key}`, ...asking.headers };
    return ask(server.port, { ...asking, headers });
  };
  const chunkAt = (offset: number) => ({
    'content-type': 'application/offset+octet-stream',
    'upload-offset': offset,
  });
  const create = (headers: Record<string, string | number>, body?: Buffer): Promise<Answer> =>
    tus({ method: 'POST', path: '/files/', headers: { ...headers, ...(body && chunkAt(0)) }, ...(body && { body }) });
  const pathOf = ({ headers }: Answer): string => new URL(headers.location ?? '').pathname;
  const offsetOf = async (path: string): Promise<number> =>
    Number((await tus({ method: 'HEAD', path })).headers['upload-offset']);
  const soap = async (body: string): Promise<string> => {
    const message = Buffer.from(envelope(body));
    const asking = { method: 'POST', path: brightsignPath, headers: soapHeaders, body: message };
    return (await ask(server.port, asking)).body.toString();
  };
  const random = seeded(24);
  const [early, small, picture] = [4_000_000, 300_000, 1_500_000].map((length) => contentOf(random, length));

  /** Sends more than there is room for, in an upload whose length nobody knows; gives its path. */
  const fillUp = async (): Promise<string> => {
    const path = pathOf(await create({ 'upload-defer-length': 1 }));
    const pieces = (async function* () {
      for (let count = 0; count < 480; count += 1) yield Buffer.alloc(65_536, 1);
    })();
    const headers = { ...chunkAt(0), 'content-length': 480 * 65_536 };
    expect((await tus({ method: 'PATCH', path, headers, body: pieces })).status).toBe(507);
    return path;
  };

  /** What was there before still is, nothing else is counted, and everything that needs room is refused. */
  const expectRefusals = async (earlier: string, path: string, token: string): Promise<void> => {
    const offset = await offsetOf(path);
    const more = await tus({ method: 'PATCH', path, headers: chunkAt(offset), body: Buffer.alloc(3_000_000) });
    expect(more.status).toBe(507);
    expect((await create({ 'upload-length': small?.length ?? 0 }, small)).status).toBe(507);
    const data = picture?.subarray(700_000).toString('base64') ?? '';
    expect(textOf(await soap(appendChunk(token, 700_000, data)), 'Message')).toMatch(/no room/);
    const named = withArgs('StartFileUpload', { FileName: 'b.png', FileSize: 5_000_000 });
    expect(textOf(await soap(named), 'Message')).toMatch(/no room/);
    expect((await tus({ method: 'GET', path: earlier })).body.equals(early ?? Buffer.alloc(0))).toBe(true);
  };

  /** There is room again: new uploads are taken, the ones under way come to their end, and nothing is wrong. */
  const expectService = async (token: string): Promise<void> => {
    const file = await create({ 'upload-length': small?.length ?? 0 }, small);
    expect(file.status).toBe(201);
    expect((await tus({ method: 'GET', path: pathOf(file) })).body.equals(small ?? Buffer.alloc(0))).toBe(true);
    const data = picture?.subarray(700_000).toString('base64') ?? '';
    expect(textOf(await soap(appendChunk(token, 700_000, data)), 'AppendChunkResult')).toBe('true');
    const hash = sha1(picture ?? Buffer.alloc(0));
    const done = await soap(withArgs('CompleteFileUpload', { UploadToken: token, SHA1Hash: hash }));
    expect(textOf(done, 'State')).toBe('Completed');
    expect(await server.stop()).toBe(0);
    // A process of its own, so that nothing on the disk stays in use. It fails where it finds anything.
    await longshore('fsck', '--all', '--digests', '--data', folder.dir);
  };

  const prepare = async (): Promise<{ earlier: string; token: string }> => {
    const earlier = pathOf(await create({ 'upload-length': early?.length ?? 0 }, early));
    const named = withArgs('StartFileUpload', { FileName: 'a.png', FileSize: picture?.length ?? 0 });
    const token = textOf(await soap(named), 'UploadToken') ?? '';
    const data = picture?.toString('base64', 0, 700_000) ?? '';
    expect(textOf(await soap(appendChunk(token, 0, data)), 'AppendChunkResult')).toBe('true');
    return { earlier, token };
  };

  it('that keeps a reserve for the ledger is freed by cancelling an upload', async () => {
    await begin('2m');
    expect((await create({ 'upload-length': 30_000_000 })).status).toBe(507);
    const { earlier, token } = await prepare();
    const path = await fillUp();
    await expectRefusals(earlier, path, token);
    expect((await tus({ method: 'DELETE', path })).status).toBe(204);
    await expectService(token);
  });

  it('that is full to its last byte, ledger and all, goes on when somebody makes room', async () => {
    const ballast = join(disk, 'ballast');
    await writeFile(ballast, Buffer.alloc(6_000_000));
    await begin('0');
    const { earlier, token } = await prepare();
    const path = await fillUp();
    // The last bytes are taken, too, so that no fact can be written.
    spawnSync('sh', ['-c', 'cat /dev/zero > "$1"', 'sh', join(disk, 'rest')]);
    await expectRefusals(earlier, path, token);
    await rm(ballast);
    await expectService(token);
  });
});
