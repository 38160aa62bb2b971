import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkAftermath } from './aftermath.js';
import { brightsignClient } from './brightsign-load.js';
import { inforouterClient } from './inforouter-load.js';
import { interfaxClient } from './interfax-load.js';
import { type DataFolder, type Lives, makeDataFolder, openLives } from './lives.js';
import { type Random, seeded } from './power.js';
import { between, type Load, type Site, siteAt } from './site.js';
import { chunker, joiner, smallFiles, streamer } from './tus-load.js';

const kills = 200;

let folder: DataFolder;
let lives: Lives;
beforeEach(async () => {
  folder = await makeDataFolder();
  lives = await openLives(folder.dir);
});
afterEach(async () => {
  await lives.close();
  await folder.remove();
});

const mixedLoad = (site: Site, random: Random): Load[] => {
  const kinds = [streamer, chunker, smallFiles, smallFiles, joiner, brightsignClient, inforouterClient, interfaxClient];
  return kinds.map((load, index) => load(site, seeded(between(random, 1, 2 ** 30)), `client${index}`));
};

/** Most lives are short, some long enough for a megabyte or two; ms. */
const lifetime = (random: Random): number => (random() < 0.6 ? between(random, 1, 60) : between(random, 60, 350));

it(`a server that is killed ${kills} times keeps every acknowledged byte and file, once`, async () => {
  const random = seeded(20_261);
  const site = siteAt(lives.port, folder.key);
  const loads = mixedLoad(site, random);
  let failed: { error: unknown } | undefined;
  const running = Promise.all(loads.map((load) => load.run())).catch((error: unknown) => {
    failed = { error };
  });

  for (let kill = 1; kill <= kills && !failed; kill += 1) {
    if (random() < 0.08) {
      // It dies before it listens, or just then.
      await lives.beginAlone();
      await delay(between(random, 0, 150));
    } else {
      await lives.begin();
      for (const load of loads) await load.check(site);
      site.open();
      await delay(lifetime(random));
      site.shut();
    }
    await lives.kill();
  }

  await lives.begin();
  for (const load of loads) await load.check(site);
  site.end();
  site.open();
  await running;
  if (failed) throw failed.error;
  expect(loads.every(({ finished, faxes = finished }) => faxes.length > 0)).toBe(true);
  for (const { upload, content, contentId } of loads.flatMap(({ finished }) => finished)) {
    if (contentId !== undefined) continue;
    const path = `/files/${upload}`;
    const answer = await site.ask({ method: 'GET', path, headers: { authorization: `Bearer ${folder.key}` } });
    expect({ status: answer.status, same: answer.body.equals(content) }).toEqual({ status: 200, same: true });
  }
  expect(lives.printed()).not.toContain('"level":50');
  expect(await lives.stop()).toBe(0);
  await checkAftermath(folder.dir, loads);
});
