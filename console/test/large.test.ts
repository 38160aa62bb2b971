import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, test } from 'vitest';
import type { Files, Uploads } from '../../server/src/api/shapes/index.js';
import { describeWith } from '../../server/test/clients/needs.js';
import { ask, download, drop, eachWithPage, lackingChromium, lineOf, login, phase, waiting } from './rig.js';

const size = 200_000_000;

/** Bytes that no shortcut can make up for. */
function* noise(length: number) {
  for (let at = 0; at < length; at += 1_000_000) yield randomFillSync(Buffer.alloc(Math.min(1_000_000, length - at)));
}

const sha256 = async (bytes: AsyncIterable<Uint8Array>): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(bytes, hash);
  return hash.digest('hex');
};

describeWith('a large file in a browser', lackingChromium(), () => {
  const rig = eachWithPage();

  test('goes on after two cuts and a reload, and nobody chooses it again', async () => {
    const { page, proxy, server, folder } = rig;
    const path = join(folder, 'film.bin');
    await pipeline(Readable.from(noise(size)), createWriteStream(path));
    await login(page);

    proxy.order({ kind: 'cut', after: 20_000_000 });
    let cut = proxy.nextFault();
    await drop(page, path);
    await cut;
    await phase(page, 'film.bin', 'running');

    proxy.order({ kind: 'cut', after: 20_000_000 });
    cut = proxy.nextFault();
    await cut;
    await phase(page, 'film.bin', 'running');

    const bar = lineOf(page, 'film.bin').getByRole('progressbar');
    await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow')), waiting).toBeGreaterThan(30);
    await page.reload();
    await phase(page, 'film.bin', 'done');

    expect(proxy.happened()).toBe(2);
    const { files } = await ask<Files>(server, 'files');
    expect(files).toHaveLength(1);
    expect(files[0]).toMatchObject({ name: 'film.bin', size, owner: 'ann@example.com', dialect: 'tus' });
    expect(await sha256(await download(server, files[0]?.id ?? 0))).toBe(await sha256(createReadStream(path)));
    // It was taken up: nothing was begun beside it.
    expect((await ask<Uploads>(server, 'uploads')).uploads).toEqual([]);
  });
});
