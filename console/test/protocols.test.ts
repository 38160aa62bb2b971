import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { FileDetail, Files, Tasks } from '../../server/src/api/shapes/index.js';
import { describeWith } from '../../server/test/clients/needs.js';
import { ask, drop, eachWithPage, lackingChromium, login, phase } from './rig.js';

interface Case {
  readonly title: string;
  readonly dialect: string;
  /** What is told beside the file, by the names of the fields. */
  readonly fields: Readonly<Record<string, string>>;
  /** Where the file of a dropped folder lies in the catalog; nothing where folders are not kept. */
  readonly path?: readonly string[];
}

const cases: readonly Case[] = [
  { title: 'tus', dialect: 'tus', fields: {}, path: ['tus', 'ann@example.com', 'Letters', '2026'] },
  {
    title: 'infoRouter',
    dialect: 'inforouter',
    fields: { Folder: '/Documents/Inbox', Comment: 'first' },
    path: ['inforouter', 'Documents', 'Inbox', 'Letters', '2026'],
  },
  {
    title: 'BrightSign',
    dialect: 'brightsign',
    fields: { 'Virtual path': '\\Shared\\Incoming\\Screens' },
    path: ['brightsign', 'Shared', 'Incoming', 'Screens', 'Letters', '2026'],
  },
  {
    title: '4shared',
    dialect: 'fourshared',
    fields: { Folder: 'Films' },
    path: ['4shared', 'ann@example.com', 'Films', 'Letters', '2026'],
  },
  { title: 'API2Convert', dialect: 'api2convert', fields: {} },
];

describeWith('protocols in a browser', lackingChromium(), () => {
  const rig = eachWithPage();

  const choose = async (title: string, fields: Case['fields']): Promise<void> => {
    const { page } = rig;
    await login(page);
    await page.getByRole('button', { name: 'Try another protocol' }).click();
    await page.getByLabel('Protocol', { exact: true }).selectOption({ label: title });
    for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value);
  };
  const newest = async () => (await ask<Files>(rig.server, 'files?limit=10')).files;

  test.each(cases)('$title: a file, and a folder', async ({ title, dialect, fields, path }) => {
    const { page, folder, server } = rig;
    const name = `picture of ${dialect}.png`;
    const picture = await sharp({
      create: {
        width: 1200,
        height: 900,
        channels: 3,
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
        background: 'white',
      },
    })
      .png()
      .toBuffer();
    await writeFile(join(folder, name), picture);
    await choose(title, fields);
    await drop(page, join(folder, name));
    await phase(page, name, 'done');
    const file = (await newest()).find((each) => each.name === name);
    expect(file).toMatchObject({ dialect, owner: 'ann@example.com', size: picture.length });

    // The choice is remembered.
    await page.reload();
    await mkdir(join(folder, 'Letters', '2026'), { recursive: true });
    for (const each of ['a', 'b', 'c'])
      await writeFile(join(folder, 'Letters', '2026', `${each} of ${dialect}.png`), picture);
    await page.locator('.drop').waitFor();
    await drop(page, join(folder, 'Letters'));
    await phase(page, 'Letters', 'done');
    const found = (await newest()).filter((each) => /^[abc] of /.test(each.name) && each.dialect === dialect);
    expect(found.map((each) => each.name.slice(0, 1)).sort()).toEqual(['a', 'b', 'c']);
    if (path === undefined) return;
    for (const { id } of found) expect((await ask<FileDetail>(server, `files/${id}`)).path).toEqual(path);
  });

  test('API2Convert: a picture is converted', async () => {
    const { page, folder, server } = rig;
    await writeFile(
      join(folder, 'to-convert.png'),
      await sharp({ create: { width: 20, height: 20, channels: 3, background: 'teal' } })
        .png()
        .toBuffer(),
    );
    await choose('API2Convert', {});
    await page.getByLabel('Convert to').selectOption('image/webp');
    await drop(page, join(folder, 'to-convert.png'));
    await phase(page, 'to-convert.png', 'done');
    const { tasks } = await ask<Tasks>(server, 'tasks');
    expect(tasks.filter(({ dialect }) => dialect === 'api2convert')).toContainEqual(
      expect.objectContaining({ state: 'done', title: expect.stringMatching(/webp/i) }),
    );
  });

  test('InterFAX: a text is faxed; without a number nothing is sent', async () => {
    const { page, folder, server } = rig;
    await writeFile(join(folder, 'letter.txt'), 'Dear Sir or Madam,\n');
    await choose('InterFAX', {});
    await drop(page, join(folder, 'letter.txt'));
    await page.getByText('Enter this first.').waitFor();
    expect(await page.getByLabel('Fax number').evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await page.locator('.uploads > li').count()).toBe(0);

    await page.keyboard.type('+44 20 7946 0123');
    await drop(page, join(folder, 'letter.txt'));
    await phase(page, 'letter.txt', 'done');
    const { tasks } = await ask<Tasks>(server, 'tasks');
    expect(tasks.filter(({ dialect }) => dialect === 'interfax')).toMatchObject([
      { title: expect.stringContaining('+442079460123') },
    ]);
  });
});
