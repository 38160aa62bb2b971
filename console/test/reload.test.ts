import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Files, Uploads } from '../../server/src/api/shapes/index.js';
import { describeWith } from '../../server/test/clients/needs.js';
import { ask, drop, eachWithPage, lackingChromium, lineOf, login, phase, setLine, waiting } from './rig.js';

/** Takes from a page what Firefox and Safari do not have. */
const withoutHandles = (): void => {
  for (const name of ['showOpenFilePicker', 'showDirectoryPicker']) Reflect.deleteProperty(window, name);
  Reflect.deleteProperty(DataTransferItem.prototype, 'getAsFileSystemHandle');
};

describeWith('after a reload in a browser', lackingChromium(), () => {
  const rig = eachWithPage();

  const make = async (name: string, size: number): Promise<string> => {
    const path = join(rig.folder, name);
    await writeFile(path, Buffer.alloc(size, name));
    return path;
  };
  const choose = async (page: Page, ...paths: readonly string[]): Promise<void> => {
    const asked = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose files' }).click();
    await (await asked).setFiles(paths);
  };
  const open = async () => (await ask<Uploads>(rig.server, 'uploads')).uploads;
  const sizes = async () => (await ask<Files>(rig.server, 'files')).files.map(({ name, size }) => ({ name, size }));
  /** Waits until the server has some of the first upload and the page knows it. */
  const some = async (page: Page, name: string): Promise<void> => {
    const bar = lineOf(page, name).getByRole('progressbar');
    await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow')), waiting).toBeGreaterThan(5);
  };

  test('a page that was left for another one asks before it reads the file again, with one button', async () => {
    const { page, server, proxy } = rig;
    const path = await make('asked.bin', 20_000_000);
    await login(page);
    await setLine(page, { upload: 2_000_000 });
    await drop(page, path);
    await some(page, 'asked.bin');
    const [before] = await open();
    // The browser takes back its leave when the last page of the address is gone.
    await page.goto('about:blank');
    await page.goto(proxy.url);
    await phase(page, 'asked.bin', 'asking');
    await page.getByRole('button', { name: 'Go on' }).waitFor();

    // A person who chooses the file again gives leave by that, too.
    await setLine(page, null);
    await drop(page, path);
    await phase(page, 'asked.bin', 'done');
    expect(await page.locator('.uploads > li').count()).toBe(1);
    expect(await sizes()).toContainEqual({ name: 'asked.bin', size: 20_000_000 });
    expect(before?.name).toBe('asked.bin');
    expect((await ask<Uploads>(server, 'uploads')).uploads).toEqual([]);
  });

  test('what a tab had that crashed is taken up by the next one', async () => {
    const { page, proxy } = rig;
    await login(page);
    await setLine(page, { upload: 2_000_000 });
    await drop(page, await make('crash.bin', 20_000_000));
    await some(page, 'crash.bin');
    const crashed = page.waitForEvent('crash');
    const session = await page.context().newCDPSession(page);
    // The page that is asked to crash does not answer.
    session.send('Page.crash').catch(() => undefined);
    await crashed;
    const next = await page.context().newPage();
    await next.goto(proxy.url);
    await phase(next, 'crash.bin', 'done');
    expect(await open()).toEqual([]);
    expect(await sizes()).toContainEqual({ name: 'crash.bin', size: 20_000_000 });
  });

  test('a second tab leaves an upload to the first, and takes it up when that is closed', async () => {
    const { page, proxy } = rig;
    await login(page);
    await setLine(page, { upload: 2_000_000 });
    await drop(page, await make('tabs.bin', 20_000_000));
    await some(page, 'tabs.bin');
    const other = await page.context().newPage();
    await other.goto(proxy.url);
    await other.locator('.drop').waitFor();
    expect(await other.locator('.uploads > li').count()).toBe(0);
    await page.close();
    await phase(other, 'tabs.bin', 'done');
    expect(await open()).toEqual([]);
  });

  test('without file handles, small files go on from a copy, and large ones when they are chosen again', async () => {
    const page = await rig.open();
    await page.addInitScript(withoutHandles);
    await page.reload();
    await login(page);
    await page.getByText('wants files of more than 8 MiB to be chosen again').waitFor();
    const small = await make('small.bin', 3_000_000);
    const large = await make('large.bin', 20_000_000);
    await setLine(page, { upload: 2_000_000 });
    await choose(page, small, large);
    await some(page, 'small.bin');
    await some(page, 'large.bin');
    await page.getByRole('button', { name: 'Pause all' }).click();
    await phase(page, 'large.bin', 'paused');
    const before = await open();
    expect(before).toHaveLength(2);

    // The browser asks whether somebody really wants to leave while the choice of a file would be lost.
    page.on('dialog', (dialog) => void dialog.accept());
    await setLine(page, null);
    await page.reload();
    await page.getByRole('button', { name: 'Resume all' }).click();
    await phase(page, 'small.bin', 'done');
    await phase(page, 'large.bin', 'lost');
    await page.getByText('Choose or drop the same files').waitFor();

    await choose(page, large);
    await phase(page, 'large.bin', 'done');
    expect(await sizes()).toEqual(
      expect.arrayContaining([
        { name: 'small.bin', size: 3_000_000 },
        { name: 'large.bin', size: 20_000_000 },
      ]),
    );
    expect(await open()).toEqual([]);
  });

  test('files that are chosen before the browser has opened what it keeps are uploaded when it has', async () => {
    const { page } = rig;
    await page.addInitScript(() => {
      const request = navigator.locks.request.bind(navigator.locks) as (...given: unknown[]) => Promise<unknown>;
      const gate = new Promise((open) => addEventListener('open-gate', open, { once: true }));
      navigator.locks.request = async (...given: unknown[]) => gate.then(() => request(...given));
      for (const name of ['showOpenFilePicker', 'showDirectoryPicker']) Reflect.deleteProperty(window, name);
    });
    await page.reload();
    await login(page);
    await choose(page, await make('early.bin', 1000));
    expect(await page.locator('.uploads > li').count()).toBe(0);
    await page.evaluate(() => void dispatchEvent(new Event('open-gate')));
    await phase(page, 'early.bin', 'done');
    expect(await sizes()).toContainEqual({ name: 'early.bin', size: 1000 });
  });

  test('pasted files are uploaded', async () => {
    const { page } = rig;
    await login(page);
    await page.evaluate(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['pasted'], 'pasted.txt', { type: 'text/plain' }));
      document.body.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }),
      );
    });
    await phase(page, 'pasted.txt', 'done');
    expect(await sizes()).toContainEqual({ name: 'pasted.txt', size: 6 });
  });

  test('a file that was changed meanwhile is not mixed with the old one', async () => {
    const { page } = rig;
    const path = await make('changed.bin', 20_000_000);
    await login(page);
    await setLine(page, { upload: 2_000_000 });
    await drop(page, path);
    await some(page, 'changed.bin');
    await page.getByRole('button', { name: 'Pause changed.bin' }).click();
    await phase(page, 'changed.bin', 'paused');
    await writeFile(path, Buffer.alloc(5_000_000, 'new'));
    await setLine(page, null);
    await page.reload();
    await page.getByRole('button', { name: 'Resume changed.bin' }).click();
    await phase(page, 'changed.bin', 'failed');
    expect(await lineOf(page, 'changed.bin').textContent()).toContain('The file has changed since.');
    await page.getByRole('button', { name: 'Try changed.bin again' }).click();
    await phase(page, 'changed.bin', 'done');
    expect(await sizes()).toContainEqual({ name: 'changed.bin', size: 5_000_000 });
    expect(await open()).toEqual([]);
  });
});
