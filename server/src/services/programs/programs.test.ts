import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../../kit/json.js';
import { confinements } from './confinement.js';
import { findProgram } from './find.js';
import type { Limits } from './limits.js';
import { runProgram } from './run.js';
import { runTask, taskModule } from './run-task.js';

const never = new AbortController().signal;
const roomy: Limits = { memory: 2 ** 30, time: 60_000, disk: 2 ** 20 };
const { memory, network } = await confinements();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const node = (program: string, more: { limits?: Limits; signal?: AbortSignal; onOutput?(text: string): void } = {}) =>
  runProgram({ command: process.execPath, args: ['-e', program], folder, limits: roomy, signal: never, ...more });

test('programs are found by name or by path', async () => {
  expect(await findProgram('no-such-program', 'sh')).toMatch(/\/sh$/);
  expect(await findProgram(process.execPath)).toBe(process.execPath);
  expect(await findProgram('no-such-program', '')).toBeUndefined();
});

test('a program gives its output, or hands it over as it comes', async () => {
  expect(await node('console.log("done")')).toBe('done\n');
  const heard: string[] = [];
  expect(await node('console.log("done")', { onOutput: (text) => heard.push(text) })).toBe('');
  expect(heard.join('')).toBe('done\n');
  await expect(node('const more = () => process.stdout.write("x".repeat(1e5), more); more()')).rejects.toMatchObject({
    reason: 'too-large',
  });
});

test('it runs in its folder, and sees nothing of our environment', async () => {
  const seen: unknown = JSON.parse(
    await node('console.log(JSON.stringify([process.cwd(), Object.keys(process.env)]))'),
  );
  expect(seen).toEqual([folder, expect.arrayContaining(['HOME', 'PATH'])]);
  expect(JSON.stringify(seen)).not.toContain('VITEST');
});

test('a failure says what the program said', async () => {
  await expect(node('console.error("no such page"); process.exit(3)')).rejects.toMatchObject({
    name: 'ProgramFailure',
    reason: 'failed',
    message: 'no such page',
  });
  await expect(node('process.kill(process.pid, "SIGSEGV"); setInterval(() => {}, 1000)')).rejects.toMatchObject({
    reason: 'crashed',
  });
  await expect(
    runProgram({ command: '/no/such/program', args: [], folder, limits: roomy, signal: never }),
  ).rejects.toThrow();
});

/** A program whose child has a session of its own no more than it has; both would live for an hour. */
const family = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  console.log(child.pid);
  setInterval(() => {}, 1000);
`;

/** Ended, be it that nobody has asked for its exit code yet. */
const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
};

const settlesTo = async (check: () => boolean) => {
  for (let i = 0; i < 500 && !check(); i += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(check()).toBe(true);
};

test('when it is aborted, it ends with all that it started', async () => {
  const stop = new AbortController();
  let pid = 0;
  const run = node(family, {
    signal: stop.signal,
    onOutput: (text) => {
      pid = Number(text);
      stop.abort(new Error('cancelled'));
    },
  });
  await expect(run).rejects.toThrow('cancelled');
  await settlesTo(() => isGone(pid));
});

test('what it leaves behind is ended too', async () => {
  const pid = Number(await node(family.replace('setInterval(() => {}, 1000);\n', 'child.unref();\n')));
  expect(pid).toBeGreaterThan(1);
  await settlesTo(() => isGone(pid));
});

test('a program that hangs is out of time', async () => {
  await expect(node('for(;;);', { limits: { ...roomy, time: 300 } })).rejects.toMatchObject({ reason: 'out-of-time' });
});

test.skipIf(!memory)('memory and single files have limits', async () => {
  await expect(node('const all = []; for (;;) all.push(Buffer.alloc(1e7, 1))')).rejects.toMatchObject({
    reason: 'out-of-memory',
  });
  const write = 'require("node:fs").writeFileSync("big", Buffer.alloc(2e6))';
  await expect(node(write)).rejects.toMatchObject({ reason: 'too-large' });
});

test('so has all that it writes to its folder', async () => {
  const write = `
    let n = 0;
    setInterval(() => require('node:fs').writeFileSync('part' + (n += 1), Buffer.alloc(5e5)), 10);
  `;
  await expect(node(write)).rejects.toMatchObject({ reason: 'too-large' });
});

test.skipIf(!network)('nobody is there on its network', async () => {
  const interfaces = 'console.log(Object.keys(require("node:os").networkInterfaces()).length)';
  expect(await node(interfaces)).toBe('0\n');
});

/** Does a task in a program of its own that is `body`, with `task` and `tell`. */
const task = async (
  body: string,
  input: Json,
  more: { limits?: Limits; onTold?(message: Json): Promise<void> } = {},
) => {
  const file = join(folder, `task-${(await readdir(folder)).length}.mjs`);
  const from = taskModule('./task.js', import.meta.url).href;
  await writeFile(file, `import { performTask } from '${from}';\nperformTask(async (task, tell) => { ${body} });`);
  return runTask({ module: pathToFileURL(file), task: input, folder, limits: roomy, signal: never, ...more });
};

test('a task gets its input, tells what it finds, and is waited for', async () => {
  const events: Json[] = [];
  const result = await task('for (const each of task) await tell(each * 2); return { told: task.length };', [1, 2, 3], {
    onTold: async (message) => {
      events.push(message);
      await new Promise((resolve) => setImmediate(resolve));
      events.push('heard');
    },
  });
  expect(result).toEqual({ told: 3 });
  expect(events).toEqual([2, 'heard', 4, 'heard', 6, 'heard']);
});

test('a task fails with its own message, or with what listening threw', async () => {
  await expect(task('throw new Error("not a picture")', null)).rejects.toMatchObject({
    reason: 'failed',
    message: 'not a picture',
  });
  await expect(task('process.exit(0)', null)).rejects.toMatchObject({ reason: 'crashed' });
  const full = () => Promise.reject(new Error('no room'));
  await expect(task('await tell(1); return 1;', null, { onTold: full })).rejects.toThrow('no room');
});

test('a task that takes all memory it can get, on its heap or beside it, is out of memory', async () => {
  const small = { ...roomy, memory: 300 * 2 ** 20 };
  const heap = 'const all = []; for (;;) all.push(new Array(1e5).fill({}))';
  await expect(task(heap, null, { limits: small })).rejects.toMatchObject({ reason: 'out-of-memory' });
  if (memory)
    await expect(
      task('const all = []; for (;;) all.push(Buffer.alloc(1e7, 1))', null, { limits: small }),
    ).rejects.toMatchObject({ reason: 'out-of-memory' });
});

test('memory has a limit for all processes together', async () => {
  const family = `
    const hold = 'const held = Buffer.alloc(1.5e8, 1); setInterval(() => held, 1000)';
    for (let i = 0; i < 3; i += 1) require('node:child_process').spawn(process.execPath, ['-e', hold], { stdio: 'ignore' });
  `;
  await expect(node(family, { limits: { ...roomy, memory: 400 * 2 ** 20 } })).rejects.toMatchObject({
    reason: 'out-of-memory',
  });
});

test('its environment has what it is given besides', async () => {
  const args = ['-e', 'console.log(process.env.FONTS)'];
  const spec = { command: process.execPath, args, folder, limits: roomy, signal: never };
  expect(await runProgram({ ...spec, env: { FONTS: 'ours' } })).toBe('ours\n');
});

test('a program that we do not live to end is ended with all that it started', async () => {
  const run = taskModule('./run.js', import.meta.url).href;
  const file = join(folder, 'parent.mjs');
  const spec = { command: process.execPath, args: ['-e', `console.log(process.pid);${family}`], folder, limits: roomy };
  await writeFile(
    file,
    `import { runProgram } from '${run}';
     const spec = ${JSON.stringify(spec)};
     await runProgram({ ...spec, signal: new AbortController().signal, onOutput: (text) => process.stdout.write(text) });`,
  );
  const parent = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(parent, 'exit');
  let said = '';
  for await (const text of parent.stdout) {
    said += String(text);
    if (said.split('\n').length > 2) break;
  }
  const ids = said.trim().split('\n').map(Number);
  expect(ids.map(isGone)).toEqual([false, false]);
  parent.kill('SIGKILL');
  await ended;
  await settlesTo(() => ids.every(isGone));
});
