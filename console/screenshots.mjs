// Takes the pictures of the documents into docs/pictures: `npm run screenshots`. Starts a server with uploads, faxes and conversions of
// several people in several protocols, and looks at it in Chromium.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { upload } from '@longshore/client/node';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { freePort, startProcess } from '../server/bench/servers/process.mjs';

const program = fileURLToPath(new URL('../server/bin/longshore.cjs', import.meta.url));
const pictures = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
const password = 'screenshot-1';
const people = { ann: 'admin', ben: 'uploader', studio: 'uploader' };
const [ann, ben, studio] = Object.keys(people);

const MiB = 2 ** 20;

const command = (...args) => {
  const done = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`longshore ${args[0]} failed: ${done.stderr}`);
};

/** A file of so many bytes that comes at so many bytes per second. */
const slow = (name, size, perSecond) => ({
  ...{ name, type: null, lastModified: Date.now(), size, release: () => undefined },
  bytes: async (from, to) => {
    await delay(((to - from) / perSecond) * 1000);
    return new Uint8Array(to - from);
  },
  unchanged: async () => undefined,
  sha1: async () => null,
  close: async () => undefined,
});

const noise = { type: 'gaussian', mean: 120, sigma: 40 };
const picture = (colour) =>
  sharp({ create: { width: 800, height: 600, channels: 3, background: colour } })
    .composite([
      {
        input: { create: { width: 800, height: 200, channels: 3, noise, background: 'black' } },
        gravity: 'south',
        blend: 'soft-light',
      },
    ])
    .jpeg()
    .toBuffer();
const named = (bytes, name, type) => new File([bytes], name, { type });

/** What was uploaded before. */
async function fill(url) {
  const as = (user) => ({ url, user, password });
  const files = { ...as(studio), url: `${url}/files/` };
  for (const [name, colour] of [
    ['Lighthouse.jpg', '#c25b3f'],
    ['Harbour at dawn.jpg', '#3d6f8f'],
    ['Cranes.jpg', '#7a7f45'],
  ])
    await upload('tus', named(await picture(colour), name, 'image/jpeg'), {
      ...files,
      metadata: { relativePath: `Pictures/${name}` },
    }).done;
  await upload('tus', named(new Uint8Array(24 * MiB), 'Interview with the pilot.wav', 'audio/wav'), files).done;
  const letter = named(
    'Dear Sir or Madam,\n\nthe berth is free from Monday.\n\nYours faithfully,\nAnn\n',
    'Berth 7.txt',
    'text/plain',
  );
  await upload('inforouter', letter, { ...as(ann), folder: '/Documents/Letters', createFolder: true }).done;
  await upload('brightsign', named(await picture('#28566b'), 'Welcome screen.jpg', 'image/jpeg'), as(ann)).done;
  await upload('4shared', named(new Uint8Array(9 * MiB), 'Tide tables.zip', 'application/zip'), {
    ...as(ben),
    folder: 'Shared/2026',
  }).done;
  await upload('interfax', letter, { ...as(ann), fax: '+44 20 7946 0123' }).done;
  await upload('api2convert', named(await picture('#b98a2f'), 'Poster.jpg', 'image/jpeg'), {
    ...as(ben),
    convert: 'webp',
  }).done;
}

/** Uploads that are under way while the pictures are taken. They end with the server. */
function run(url) {
  const left = (begun) => void begun.done.catch(() => undefined);
  const as = (user) => ({ url, user, password, retries: 0 });
  const tus = (user, name, size, speed) =>
    left(upload('tus', slow(name, size, speed), { ...as(user), url: `${url}/files/`, chunkSize: 512 * 1024 }));
  tus(studio, 'Concert, camera 1.mov', 900 * MiB, 5 * MiB);
  tus(studio, 'Concert, camera 2.mov', 850 * MiB, 4 * MiB);
  tus(ben, 'Backup of Tuesday.tar', 2400 * MiB, 3 * MiB);
  left(upload('brightsign', slow('Departures.mp4', 300 * MiB, 2 * MiB), { ...as(ann), parallel: 2 }));
  left(upload('inforouter', slow('Survey of the quay.pdf', 120 * MiB, MiB), { ...as(ann), chunkSize: 512 * 1024 }));
  left(upload('4shared', slow('Ferries.zip', 400 * MiB, 2 * MiB), { ...as(ben), chunkSize: MiB }));
  left(
    upload('api2convert', slow('Harbour from above.mov', 500 * MiB, 2 * MiB), {
      ...as(studio),
      chunkSize: MiB,
      convert: 'mp4',
    }),
  );
}

const make = (path, size) => {
  writeFileSync(path, '');
  truncateSync(path, size);
  return path;
};

async function open(browser, url, { width, height, theme }) {
  const context = await browser.newContext({
    ...{ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce', locale: 'en-GB' },
    ...(width < 600 && { deviceScaleFactor: 2, isMobile: true, hasTouch: true }),
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByLabel('Name').fill(ann);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Upload', level: 1 }).waitFor();
  return page;
}

/** Takes a picture: few colours are enough for pages, and make small files. */
async function take(page, name) {
  await page.mouse.move(0, 0);
  const png = await page.screenshot();
  await sharp(png)
    .png({ palette: true, colours: 128, effort: 10, compressionLevel: 9 })
    .toFile(join(pictures, `${name}.png`));
}

const show = async (page, url, screen) => {
  await page.goto(`${url}/#/${screen}`);
  await page.locator('h1').waitFor();
  await delay(2500);
};

/** Begins uploads on the page by dropping files onto it, on a line of a few MiB a second. */
async function useUploader(page, folder) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 6 * MiB,
  });
  const drop = async (...paths) => {
    const { x, y } = await page.locator('.drop').boundingBox();
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'])
      await session.send('Input.dispatchDragEvent', { type, x: x + 40, y: y + 20, data });
  };
  const photos = join(folder, 'Summer in Lofoten');
  mkdirSync(photos, { recursive: true });
  for (let each = 1; each <= 240; each += 1)
    make(join(photos, `DSC_${4000 + each}.jpg`), 300_000 + ((each * 7919) % 400_000));
  await drop(make(join(folder, 'Programme.pdf'), 1_400_000));
  await page.locator('[data-phase="done"]').first().waitFor();
  await drop(
    make(join(folder, 'Documentary, rough cut.mov'), 210 * MiB),
    make(join(folder, 'Sound, all tracks.zip'), 90 * MiB),
  );
  await drop(make(join(folder, 'Archive 2025.tar'), 160 * MiB));
  await page.getByRole('button', { name: 'Pause Archive 2025.tar' }).click();
  await drop(photos);
  await delay(9000);
}

const folder = mkdtempSync(join(tmpdir(), 'longshore-'));
const data = join(folder, 'data');
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
mkdirSync(pictures, { recursive: true });
for (const [name, role] of Object.entries(people))
  command('user', 'add', name, '--password', password, '--role', role, '--data', data);
const server = await startProcess(
  process.execPath,
  [program, 'serve', '--data', data, '--host', '127.0.0.1', '--port', String(port)],
  {
    port,
    log: join(folder, 'log'),
  },
);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  await fill(url);
  run(url);
  const dark = await open(browser, url, { width: 1280, height: 900, theme: 'dark' });
  await show(dark, url, 'live');
  await delay(20_000);
  await take(dark, 'live');
  for (const screen of ['work', 'health']) {
    await show(dark, url, screen);
    await take(dark, screen);
  }
  const light = await open(browser, url, { width: 1280, height: 800, theme: 'light' });
  await show(light, url, 'files');
  await light.getByRole('radio', { name: 'Newest' }).check();
  await delay(1500);
  await take(light, 'files');
  await show(light, url, 'protocols');
  await take(light, 'protocols');
  await show(light, url, 'upload');
  await useUploader(light, join(folder, 'laptop'));
  await take(light, 'upload');
  await light.close();
  const phone = await open(browser, url, { width: 390, height: 780, theme: 'light' });
  await useUploader(phone, join(folder, 'phone'));
  await take(phone, 'phone');
} finally {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
