import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { leftFolders } from './left-folders.js';

const now = Date.UTC(2026, 0, 2, 12);
const run = async (folder: string, prefix: string) =>
  leftFolders({ now: () => now }, { name: 'left', folder, prefix }).run(new AbortController().signal);

test('folders of a server that died are removed after a day, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, hours] of [
    ['page-old', 25],
    ['page-new', 23],
    ['other-old', 25],
  ] as const) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'file.pdf'), 'x');
    const at = new Date(now - hours * 3_600_000);
    await utimes(join(folder, name), at, at);
  }
  await run(folder, 'page-');
  expect((await readdir(folder)).sort()).toEqual(['other-old', 'page-new']);
  await run(join(folder, 'not-there'), 'page-');
});
