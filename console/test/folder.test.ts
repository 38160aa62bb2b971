import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Folder, Uploads } from '../../server/src/api/shapes/index.js';
import { describeWith } from '../../server/test/clients/needs.js';
import type { ServerProcess } from '../../server/test/server-process.js';
import { ask, drop, eachWithPage, lackingChromium, lineOf, login, phase, setLine } from './rig.js';

/** Paths of 300 files: at the top, and in folders of two depths with names of several scripts. */
const paths = Array.from({ length: 300 }, (_, n) => {
  const folders = [[], ['Größe'], ['2026', 'June & July'], ['2026', '写真']][n % 4] ?? [];
  return [...folders, `file ${String(n).padStart(3, '0')}.txt`].join('/');
});

/** Every file below a folder of the catalog with its size, by its path from there. */
const tree = async (server: ServerProcess, id: number, above = ''): Promise<Map<string, number>> => {
  const { folders, files } = await ask<Folder>(server, `folders/${id}`);
  const found = new Map(files.map(({ name, size }) => [`${above}${name}`, size]));
  for (const folder of folders)
    for (const [path, size] of await tree(server, folder.id, `${above}${folder.name}/`)) found.set(path, size);
  return found;
};

describeWith('folders in a browser', lackingChromium(), () => {
  const rig = eachWithPage();

  test('300 files in a folder keep their names and their tree, and are one line of the list', async () => {
    const { page, server, folder } = rig;
    const top = join(folder, 'Holiday');
    for (const path of paths) {
      await mkdir(join(top, path, '..'), { recursive: true });
      await writeFile(join(top, path), path);
    }
    await login(page);
    await drop(page, top);
    await phase(page, 'Holiday', 'done');
    expect(await page.locator('.uploads > li').count()).toBe(1);
    expect(await lineOf(page, 'Holiday').textContent()).toContain('300 of 300 uploaded');

    const expected = paths.map((path) => [`tus/ann@example.com/Holiday/${path}`, Buffer.byteLength(path)] as const);
    expect(await tree(server, 0)).toEqual(new Map(expected));

    // Opened, the group shows what is in it, as far as it is in sight.
    await page.getByRole('button', { name: 'Holiday', exact: true }).click();
    await lineOf(page, 'file 000.txt').waitFor();
    const shown = await page.locator('.uploads > li').count();
    expect(shown).toBeGreaterThan(5);
    expect(shown).toBeLessThan(60);
    await page.keyboard.press('End');
    await lineOf(page, 'Größe/file 297.txt').waitFor();
  });

  test('a folder is cancelled as a whole, after asking', async () => {
    const { page, server, folder } = rig;
    const top = join(folder, 'Slow');
    await mkdir(top);
    for (const name of ['one.bin', 'two.bin', 'three.bin']) await writeFile(join(top, name), Buffer.alloc(9_000_000));
    await login(page);
    await setLine(page, { upload: 500_000 });
    await drop(page, top);
    await page.getByRole('button', { name: 'Cancel Slow' }).click();
    await page.getByRole('button', { name: 'Keep uploading' }).click();
    expect(await lineOf(page, 'Slow').textContent()).toContain('0 of 3 uploaded');
    await page.getByRole('button', { name: 'Cancel Slow' }).click();
    await page.getByRole('button', { name: 'Cancel 3 files' }).click();
    await lineOf(page, 'Slow').getByText('3 cancelled').waitFor();
    expect((await ask<Uploads>(server, 'uploads')).uploads).toEqual([]);
  });
});
