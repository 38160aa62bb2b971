import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Dialect } from '../../src/dialects/dialect.js';
import * as dialects from '../../src/dialects/index.js';
import { defaultsOf } from '../../src/kit/options.js';
import { describeWith, lacking } from '../clients/needs.js';
import { type Desk, openDesk } from './desk.js';

const program = fileURLToPath(new URL('../../bin/longshore.cjs', import.meta.url));

// Long enough for several buffers and lines of base64, and text, so that it can be faxed.
const content = Array.from({ length: 400 }, (_, line) => `Line ${line} of an offer.`).join('\n');

let desk: Desk;
let folder: string;

beforeAll(async () => {
  desk = await openDesk({ flags: { 'dialects-interfax-transport': 'none' } });
  folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  await symlink(program, join(folder, 'longshore'));
});
afterAll(async () => {
  await desk.close();
  await rm(folder, { recursive: true, force: true });
});

let runs = 0;

/** Runs a sample as somebody does who has copied it, with a file of a new name; gives what it printed. */
const run = async (code: string): Promise<string> => {
  runs += 1;
  const file = join(folder, `offer no. ${runs}.txt`);
  await writeFile(file, content);
  const env = {
    PATH: `${folder}:${process.env['PATH']}`,
    HOME: folder,
    BASE: desk.url,
    NAME: 'alice',
    PASSWORD: 'secret',
    FILE: file,
  };
  const shell = spawn('sh', ['-eu', '-c', code], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(shell, 'close');
  const [said, complained] = await Promise.all([text(shell.stdout), text(shell.stderr), ended]);
  expect(shell.exitCode, `${complained}\n${said}`).toBe(0);
  return said;
};

/** How many uploads of a dialect there are that brought the file, whole. */
const arrived = async (dialect: string): Promise<number> => {
  let found = 0;
  for (const upload of await desk.app.engine.list({ dialect, owner: 'alice', states: ['finished'] })) {
    const bytes: Uint8Array[] = [];
    for await (const piece of desk.app.engine.read(upload)) bytes.push(piece);
    if (Buffer.concat(bytes).toString() === content) found += 1;
  }
  return found;
};

const registry: Readonly<Record<string, Dialect>> = dialects;

const samplesOf = async ({ name, options, load }: Dialect) =>
  ((await load()).samples?.(defaultsOf(options)) ?? []).map(({ title, code }) => [name, title, code] as const);

const samples = (await Promise.all(Object.values(registry).map(samplesOf))).flat();

it('every dialect has some', () => {
  for (const { name } of Object.values(dialects))
    expect(samples.filter(([of]) => of === name).length).toBeGreaterThan(1);
});

describeWith('samples', lacking('curl', ['--version'], 'curl'), () => {
  it.each(samples)('%s: %s', async (dialect, _title, code) => {
    const before = await arrived(dialect);
    const said = await run(code);
    expect(await arrived(dialect), said).toBe(before + 1);
  });
});
