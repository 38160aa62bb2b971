import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeWith } from '../../server/test/clients/needs.js';
import { drop, eachWithPage, lackingChromium, login, phase, setLine } from './rig.js';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const themes = ['light', 'dark'] as const;

/** What axe-core finds that is serious or critical, each with where it is. */
const findings = async (page: Page): Promise<string[]> => {
  // Past the page's own policy, which lets no script in from elsewhere: the browser's tools may do what pages may not.
  await page.evaluate(await readFile(axe, 'utf8'));
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
};

describeWith('axe-core in a browser', lackingChromium(), () => {
  const rig = eachWithPage(['--dialects-tus-max-size', '50000000']);

  test.each(themes)('the login, and every screen, in the %s theme', async (colorScheme) => {
    const { page } = rig;
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.getByLabel('Name').waitFor();
    expect(await findings(page)).toEqual([]);
    await login(page);
    for (const screen of ['upload', 'live', 'files', 'work', 'events', 'accounts', 'protocols', 'health']) {
      await page.goto(`${rig.proxy.url}/#/${screen}`);
      await page.locator('h1').waitFor();
      expect({ screen, found: await findings(page) }).toEqual({ screen, found: [] });
    }
  });

  test.each(themes)(
    'the uploader with uploads of every kind, in the %s theme, on a laptop and a phone',
    async (colorScheme) => {
      const { page, folder } = rig;
      const make = async (name: string, size: number): Promise<string> => {
        await writeFile(join(folder, name), Buffer.alloc(size, name));
        return join(folder, name);
      };
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await login(page);
      await drop(page, await make('done.bin', 1000), await make('refused.bin', 50_000_001));
      await phase(page, 'done.bin', 'done');
      await setLine(page, { upload: 1_000_000 });
      await drop(page, await make('running.bin', 30_000_000), await make('paused.bin', 20_000_000));
      await page.getByRole('button', { name: 'Pause paused.bin' }).click();
      await phase(page, 'paused.bin', 'paused');
      await phase(page, 'running.bin', 'running');
      await page.getByRole('button', { name: 'Try another protocol' }).click();
      await page.getByLabel('Protocol', { exact: true }).selectOption({ label: 'InterFAX' });
      await drop(page, await make('fax.txt', 1000));
      await page.getByText('Enter this first.').waitFor();
      for (const viewport of [
        { width: 1280, height: 800 },
        { width: 390, height: 844 },
      ]) {
        await page.setViewportSize(viewport);
        expect(await findings(page)).toEqual([]);
      }
    },
  );
});
