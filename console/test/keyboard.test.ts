import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Uploads } from '../../server/src/api/shapes/index.js';
import { describeWith } from '../../server/test/clients/needs.js';
import { account } from '../../server/test/server-process.js';
import { ask, eachWithPage, lackingChromium, phase, setLine } from './rig.js';

/** The name of what has the focus, as a screen reader says it. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    const label = at instanceof HTMLInputElement ? at.labels?.[0]?.textContent : undefined;
    return at?.getAttribute('aria-label') ?? label ?? at?.textContent?.trim() ?? '';
  });

/** Presses Tab until the focus is on what is called `name`. What cannot be reached is a failure. */
const tabTo = async (page: Page, name: string, key = 'Tab'): Promise<void> => {
  const met: string[] = [];
  for (let steps = 0; steps < 60; steps += 1) {
    await page.keyboard.press(key);
    const at = await focused(page);
    if (at === name) return;
    met.push(at);
  }
  expect.fail(`"${name}" cannot be reached by the keyboard; met: ${met.join(', ')}`);
};

describeWith('by keyboard alone in a browser', lackingChromium(), () => {
  const rig = eachWithPage();

  test('login, choosing, pausing, going on, cancelling, and going from screen to screen', async () => {
    const { page, folder, server } = rig;
    // The picker that gives handles cannot be answered by a test; browsers without it have this other one.
    await page.addInitScript(() => void Reflect.deleteProperty(window, 'showOpenFilePicker'));
    await page.reload();
    await page.getByLabel('Name').waitFor();

    expect(await focused(page)).toBe('Name');
    await page.keyboard.type(account.login);
    await tabTo(page, 'Password');
    await page.keyboard.type(account.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Upload', level: 1 }).waitFor();

    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    const path = join(folder, 'typed.bin');
    await writeFile(path, Buffer.alloc(20_000_000, 'typed'));
    await setLine(page, { upload: 2_000_000 });
    // Asked for before the keys are pressed: the page is told on another way than keys, which may be slower.
    const chooser = page.waitForEvent('filechooser');
    await tabTo(page, 'Choose files');
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(path);
    await phase(page, 'typed.bin', 'running');

    await tabTo(page, 'Pause typed.bin');
    await page.keyboard.press('Space');
    await phase(page, 'typed.bin', 'paused');
    // The button that takes its place has the focus.
    expect(await focused(page)).toBe('Resume typed.bin');
    await page.keyboard.press('Space');
    await phase(page, 'typed.bin', 'running');
    expect(await focused(page)).toBe('Pause typed.bin');
    await tabTo(page, 'Cancel typed.bin');
    await page.keyboard.press('Enter');
    await phase(page, 'typed.bin', 'cancelled');
    expect((await ask<Uploads>(server, 'uploads')).uploads).toEqual([]);
    expect(await focused(page)).toBe('Remove typed.bin from the list');
    await page.keyboard.press('Enter');
    await page.locator('.uploads').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Choose files');

    for (const screen of ['Live', 'Files', 'Work', 'Events', 'Accounts', 'Protocols', 'Health', 'Upload']) {
      await tabTo(page, screen, 'Shift+Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: screen, level: 1 }).waitFor();
      // Who comes to a screen hears its name.
      expect(await focused(page)).toBe(screen);
    }
  });
});
