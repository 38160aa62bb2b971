// How fast the control room answers a person while a thousand uploads are under way: `node console/bench/live.mjs`.
// Chromium, trusted input, durations as the browser's own event timing has them: from the input to the next frame.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { longshore } from '../../server/bench/servers/longshore.mjs';

const { values: options } = parseArgs({
  options: {
    uploads: { type: 'string', default: '1000' },
    'per-second': { type: 'string', default: '200' },
    rounds: { type: 'string', default: '10' },
    out: { type: 'string', default: fileURLToPath(new URL('RESULTS.md', import.meta.url)) },
    picture: { type: 'string' },
  },
});
const person = { name: 'bench', password: 'bench-password-1' };

/** Collects event timings and long tasks in the page. */
const observe = () => {
  window.seen = { events: [], tasks: [] };
  const events = new PerformanceObserver((list) => {
    for (const { name, duration, interactionId } of list.getEntries())
      if (interactionId > 0) window.seen.events.push({ name, duration, interactionId });
  });
  events.observe({ type: 'event', durationThreshold: 16, buffered: true });
  const tasks = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.seen.tasks.push(duration);
  });
  tasks.observe({ type: 'longtask', buffered: true });
};

/** What a person does in the control room, over and over. Each is told of by its name. */
const things = {
  'type into the search': async (page) => {
    await page.getByRole('searchbox').click();
    await page.keyboard.type('tape', { delay: 60 });
    for (let each = 0; each < 4; each += 1) await page.keyboard.press('Backspace', { delay: 30 });
  },
  'sort by a column': async (page) => {
    await page.getByRole('button', { name: 'Speed' }).click();
    await page.waitForTimeout(200);
    await page.getByRole('button', { name: 'File' }).click();
    await page.waitForTimeout(200);
  },
  'choose only stuck ones, and all again': async (page) => {
    await page.getByRole('switch').click();
    await page.waitForTimeout(300);
    await page.getByRole('switch').click();
    await page.waitForTimeout(300);
  },
  'go to the files, and back': async (page) => {
    await page.getByRole('link', { name: 'Files' }).first().click();
    await page.getByRole('heading', { name: 'Files', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Live' }).first().click();
    await page.getByRole('heading', { name: 'Live', level: 1 }).waitFor();
  },
};

const worstOf = (events) => {
  const byInteraction = new Map();
  for (const { interactionId, duration } of events)
    byInteraction.set(interactionId, Math.max(duration, byInteraction.get(interactionId) ?? 0));
  return [...byInteraction.values()].sort((a, b) => a - b);
};

async function measure(port) {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.addInitScript(observe);
    await page.goto(`http://127.0.0.1:${port}/#/live`);
    await page.getByLabel('Name').fill(person.name);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Live', level: 1 }).waitFor();
    await page.waitForTimeout(5000);
    if (options.picture) await page.screenshot({ path: options.picture });
    const rows = [];
    for (const [name, act] of Object.entries(things)) {
      await page.evaluate('window.seen = { events: [], tasks: [] }');
      for (let round = 0; round < Number(options.rounds); round += 1) await act(page);
      await page.waitForTimeout(1000);
      const { events, tasks } = await page.evaluate('window.seen');
      rows.push({ name, durations: worstOf(events), longest: Math.max(0, ...tasks) });
    }
    return rows;
  } finally {
    await browser.close();
  }
}

async function withUploads(uploads) {
  const dir = mkdtempSync(join(tmpdir(), 'longshore-bench-'));
  const running = await longshore.start(dir);
  let load;
  try {
    const { headers } = running.tus;
    const perSecond = Math.min(uploads, Number(options['per-second']));
    const work = { port: running.port, headers, uploads, perSecond, chunk: 16_384, size: 2e8 };
    const args = [fileURLToPath(new URL('load.mjs', import.meta.url)), JSON.stringify(work)];
    load = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(load.stdout, 'data');
    return await measure(running.port);
  } finally {
    load?.kill('SIGKILL');
    await running.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

const number = (value) => (value === undefined ? '< 16' : String(Math.round(value)));
const table = (rows) =>
  rows.map(({ name, durations, longest }) => {
    const half = durations[Math.floor(durations.length / 2)];
    return `| ${name} | ${durations.length} | ${number(half)} | ${number(durations.at(-1))} | ${longest > 0 ? Math.round(longest) : '< 50'} |`;
  });

const head = [
  '| what a person does | interactions of 16 ms or more | median ms | worst ms | longest task ms |',
  '|---|---|---|---|---|',
];
const idle = await withUploads(1);
const busy = await withUploads(Number(options.uploads));
const text = [
  '# The control room while much goes on',
  '',
  `Chromium on ${cpus().length} processors, shared with the server and what uploads to it. ${options.uploads} uploads under way, ${options['per-second']} chunks a second`,
  'among them; each thing is done ' +
    options.rounds +
    ' times. Durations are from the input to the next frame, as the browser measures them; what takes',
  'less than 16 ms it does not tell. Made by `node console/bench/live.mjs`.',
  '',
  `## ${options.uploads} uploads`,
  '',
  ...head,
  ...table(busy),
  '',
  '## One upload',
  '',
  ...head,
  ...table(idle),
  '',
].join('\n');
writeFileSync(options.out, text);
console.log(text);
