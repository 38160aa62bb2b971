import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Files, Uploads } from '../../server/src/api/shapes/index.js';
import { describeWith } from '../../server/test/clients/needs.js';
import { account } from '../../server/test/server-process.js';
import { ask, drop, eachWithPage, lackingChromium, lineOf, login, phase, setLine, waiting } from './rig.js';

describeWith('what people do with uploads in a browser', lackingChromium(), () => {
  const rig = eachWithPage(['--dialects-tus-max-size', '50000000']);

  /** Begins an upload that would take many seconds. */
  const begin = async (name: string, size = 20_000_000): Promise<void> => {
    const { page, folder } = rig;
    await writeFile(join(folder, name), Buffer.alloc(size, name));
    await login(page);
    await setLine(page, { upload: 1_000_000 });
    await drop(page, join(folder, name));
    await lineOf(page, name).getByText('iB/s').waitFor();
  };
  const open = async () => (await ask<Uploads>(rig.server, 'uploads')).uploads;
  const share = async (name: string): Promise<number> =>
    Number(await lineOf(rig.page, name).getByRole('progressbar').getAttribute('aria-valuenow'));

  test('pause stops what is sent, and resume goes on from there', async () => {
    const { page } = rig;
    await begin('paused.bin');
    await expect.poll(() => share('paused.bin'), waiting).toBeGreaterThan(5);
    await page.getByRole('button', { name: 'Pause paused.bin' }).click();
    await phase(page, 'paused.bin', 'paused');

    // The server hears of the end of a request a moment later; from then on nothing comes.
    let held = -1;
    await expect
      .poll(async () => {
        const before = held;
        held = (await open())[0]?.received ?? -1;
        return held === before;
      }, waiting)
      .toBe(true);
    expect(held).toBeGreaterThan(500_000);
    expect(held).toBeLessThan(20_000_000);

    await page.reload();
    await phase(page, 'paused.bin', 'paused');
    expect((await open())[0]?.received).toBe(held);

    await setLine(page, null);
    await page.getByRole('button', { name: 'Resume paused.bin' }).click();
    await phase(page, 'paused.bin', 'done');
    expect((await ask<Files>(rig.server, 'files')).files[0]).toMatchObject({ name: 'paused.bin', size: 20_000_000 });
  });

  test('cancel ends it on the server, too', async () => {
    const { page } = rig;
    await begin('cancelled.bin');
    expect(await open()).toMatchObject([{ name: 'cancelled.bin', state: 'open' }]);
    await page.getByRole('button', { name: 'Cancel cancelled.bin' }).click();
    await phase(page, 'cancelled.bin', 'cancelled');
    expect(await open()).toEqual([]);
    await page.reload();
    await page.getByRole('button', { name: 'Choose files' }).waitFor();
    expect(await page.locator('.uploads > li').count()).toBe(0);
  });

  test('what is paused can be cancelled after a reload', async () => {
    const { page } = rig;
    await begin('left.bin');
    await page.getByRole('button', { name: 'Pause all' }).click();
    await phase(page, 'left.bin', 'paused');
    await page.reload();
    await phase(page, 'left.bin', 'paused');
    await page.getByRole('button', { name: 'Cancel all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel all' }).click();
    await phase(page, 'left.bin', 'cancelled');
    expect(await open()).toEqual([]);
  });

  test('a file that is too large is refused with the reason, and no byte of it is sent', async () => {
    const { page, folder } = rig;
    await writeFile(join(folder, 'huge.bin'), Buffer.alloc(50_000_001));
    await login(page);
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.method() !== 'GET') asked.push(`${request.method()} ${request.url()}`);
    });
    await drop(page, join(folder, 'huge.bin'));
    await phase(page, 'huge.bin', 'refused');
    expect(await lineOf(page, 'huge.bin').textContent()).toContain('Too large: at most 47.7 MiB are taken.');
    expect(asked).toEqual([]);
    expect(await open()).toEqual([]);
  });

  test('without a network it says so, and goes on by itself when it is back', async () => {
    const { page } = rig;
    await begin('offline.bin');
    await setLine(page, 'offline');
    await phase(page, 'offline.bin', 'trying');
    expect(await lineOf(page, 'offline.bin').textContent()).toContain('No network. Goes on when it is back.');
    await setLine(page, null);
    await phase(page, 'offline.bin', 'done');
  });

  test('when the server dies uploads wait, and go on when it is back', async () => {
    const { page, server } = rig;
    await begin('outage.bin');
    await server.kill();
    await phase(page, 'outage.bin', 'trying');
    await server.start();
    await setLine(page, null);
    await page.getByRole('button', { name: 'Try outage.bin now' }).click();
    await phase(page, 'outage.bin', 'done');
    expect(await open()).toEqual([]);
  });

  test('who logs in at the same browser sees nothing of who was there before, and sends nothing of it', async () => {
    const { page, server } = rig;
    const added = await fetch(`${server.url}/api/accounts`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${server.key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'ben', password: 'ben-password-1', role: 'uploader', quota: null }),
    });
    expect(added.ok).toBe(true);
    await begin('private.bin');
    const [before] = await open();
    await page.getByRole('button', { name: 'Log out' }).first().click();
    await setLine(page, null);
    await page.getByLabel('Name').fill('ben');
    await page.getByLabel('Password').fill('ben-password-1');
    await page.getByRole('button', { name: 'Log in' }).click();
    await drop(page, join(rig.folder, 'private.bin'));
    await phase(page, 'private.bin', 'done');
    expect(await page.locator('.uploads > li').count()).toBe(1);
    const { files } = await ask<Files>(server, 'files');
    expect(files.filter(({ name }) => name === 'private.bin').map(({ owner }) => owner)).toEqual(['ben']);
    expect((await open()).map(({ id, owner }) => [id, owner])).toEqual([[before?.id, account.login]]);

    await page.getByRole('button', { name: 'Log out' }).first().click();
    await login(page);
    await phase(page, 'private.bin', 'done');
    expect(await open()).toEqual([]);
    const owners = (await ask<Files>(server, 'files')).files.filter(({ name }) => name === 'private.bin');
    expect(owners.map(({ owner }) => owner).sort()).toEqual([account.login, 'ben']);
  });

  test('who logs out and in again finds the upload going on', async () => {
    const { page } = rig;
    await begin('session.bin');
    await page.getByRole('button', { name: 'Log out' }).first().click();
    await page.getByLabel('Password').waitFor();
    await setLine(page, null);
    await login(page);
    await phase(page, 'session.bin', 'done');
    expect(await open()).toEqual([]);
  });
});
