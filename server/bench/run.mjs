import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cases } from './cases.mjs';
import { cpuSeconds, forgetPeak, peakBytes, residentBytes } from './measure.mjs';
import { phases } from './phases.mjs';
import { report } from './report.mjs';
import { longshore } from './servers/longshore.mjs';
import { soapNode } from './servers/soap-node.mjs';
import { tusNode } from './servers/tus-node.mjs';
import { tusd } from './servers/tusd.mjs';

const known = [longshore, tusNode, tusd, soapNode];
const tmpfs = 0x01021994;
/** How long a server is left alone before its resident memory is read. */
const settleMs = 1500;

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: cases.map(({ name }) => name).join() },
    servers: { type: 'string', default: known.map(({ name }) => name).join() },
    dirs: { type: 'string', default: 'disk,memory' },
    disk: { type: 'string', default: tmpdir() },
    scale: { type: 'string', default: '1' },
    repeat: { type: 'string', default: '3' },
    out: { type: 'string', default: fileURLToPath(new URL('RESULTS.md', import.meta.url)) },
  },
});
const scale = Number(options.scale);

/** Cost of the work between a load's warm-up and its end. */
async function speed(running, seen) {
  await seen.next();
  forgetPeak(running.pid);
  const before = cpuSeconds(running.pid);
  const { value: done } = await seen.next();
  const cpu = cpuSeconds(running.pid) - before;
  const { value: finish } = await seen.next();
  return { ...done, ...finish, cpu, peak: peakBytes(running.pid) };
}

/** Resident memory that open uploads add, in bytes for each. */
async function weight(running, seen, uploads) {
  const resident = [];
  for await (const _phase of seen) {
    await delay(settleMs);
    resident.push(residentBytes(running.pid));
  }
  const [warm, open, held] = resident;
  return { open: (open - warm) / uploads, held: (held - open) / uploads, peak: peakBytes(running.pid) };
}

/** What small uploads wait for, alone and beside a draining queue. */
async function latency(running, seen) {
  await seen.next();
  const { value } = await seen.next();
  return { ...value, peak: peakBytes(running.pid) };
}

/** Cost of the same work while more and fewer watch it. */
async function watching(running, seen) {
  await seen.next();
  forgetPeak(running.pid);
  const watched = [];
  for (;;) {
    const before = cpuSeconds(running.pid);
    const { value, done } = await seen.next();
    if (done) return { watched, peak: peakBytes(running.pid) };
    watched.push({ ...value, cpu: cpuSeconds(running.pid) - before });
    // Watchers come and go between two measurements.
    await seen.next();
  }
}

/** How a case is measured, by what its load does. */
const ways = { tus: speed, soap: speed, queue: latency, watched: watching };

async function serverRun(server, entry, dir) {
  const data = join(dir, 'data');
  mkdirSync(data);
  const running = await server.start(data);
  const work = entry.work(scale);
  const seen = phases(entry.load, { port: running.port, target: running[entry.load], work });
  try {
    return await (work.leaveOpen ? weight(running, seen, work.files) : ways[entry.load](running, seen));
  } finally {
    await seen.return();
    await running.stop();
  }
}

async function diskRun(entry, dir) {
  const seen = phases('disk', { dir, work: entry.plainly(scale) });
  try {
    await seen.next();
    return (await seen.next()).value;
  } finally {
    await seen.return();
  }
}

/** One run in a folder of its own, and what became of it; afterwards nothing of it is left to be written back during the next. */
async function inFolder(base, run) {
  const dir = mkdtempSync(join(base, 'longshore-bench-'));
  const remove = () => rmSync(dir, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await run(dir);
  } catch (failure) {
    return { failure: failure.message };
  } finally {
    process.off('exit', remove);
    remove();
    spawnSync('sync');
  }
}

function places() {
  const all = { disk: options.disk, memory: '/dev/shm' };
  return options.dirs.split(',').flatMap((where) => {
    const base = all[where];
    if (base === undefined) throw new Error(`--dirs knows disk and memory, not ${where}`);
    if (!existsSync(base)) {
      console.log(`Left out: ${where}, there is no ${base}.`);
      return [];
    }
    if ((statfsSync(base).type === tmpfs) !== (where === 'memory')) {
      throw new Error(`${base} is not what --dirs calls ${where}; name a folder on a disk with --disk`);
    }
    return [{ where, base }];
  });
}

const wanted = options.servers.split(',');
const servers = known.filter((server) => {
  const lacking = wanted.includes(server.name) ? server.lacking() : 'not asked for';
  if (lacking !== undefined) console.log(`Left out: ${server.name}, ${lacking}.`);
  return lacking === undefined;
});
const chosen = options.cases.split(',').map((name) => {
  const found = cases.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`no case ${name}; there are ${cases.map((entry) => entry.name).join(', ')}`);
  return found;
});

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const results = [];
for (const { where, base } of places()) {
  for (const entry of chosen) {
    const runs = servers
      .filter(({ name }) => name === longshore.name || entry.peers.includes(name))
      .map((server) => ({ name: server.name, run: (dir) => serverRun(server, entry, dir) }));
    if (entry.plainly) runs.push({ name: 'plain writes', run: (dir) => diskRun(entry, join(dir, 'files')) });
    for (let round = 0; round < Number(options.repeat); round += 1) {
      for (const { name, run } of runs) {
        const result = { where, case: entry.name, server: name, round, ...(await inFolder(base, run)) };
        results.push(result);
        console.log(JSON.stringify(result));
      }
    }
  }
}
if (results.some(({ failure }) => failure)) process.exitCode = 1;
writeFileSync(options.out, report(results, { scale, repeat: options.repeat, load: loadavg()[2] }));
