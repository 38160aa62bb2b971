import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { cases, peakAim } from './cases.mjs';

const subject = 'Longshore';
const plain = 'plain writes';
const none = '';

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const table = (heads, rows) =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
const kilobytes = (bytes) => `${(bytes / 1e3).toFixed(1)} KB`;
const times = (ratio) => `${ratio.toFixed(2)} x`;

/** Every round's result of one server in one case, as questions a report asks. */
class Runs {
  constructor(results) {
    this.results = results;
  }

  of(server) {
    return new Runs(this.results.filter((result) => result.server === server));
  }

  get empty() {
    return this.results.length === 0;
  }

  middle(value) {
    return median(this.results.map(value));
  }

  most(value) {
    return Math.max(...this.results.map(value));
  }

  /** How these compare with others, round by round; the median of the rounds, as numbers and as text with its spread. */
  against(others, ratio) {
    const rounds = this.results.flatMap((mine) =>
      others.results.filter(({ round }) => round === mine.round).map((other) => ratio(mine, other)),
    );
    return {
      value: median(rounds),
      text: `${times(median(rounds))} (${Math.min(...rounds).toFixed(2)} to ${Math.max(...rounds).toFixed(2)})`,
    };
  }
}

const faster = (mine, other) => other.seconds / mine.seconds;
const cpuPerGigabyte = ({ cpu, bytes }) => cpu / (bytes / 1e9);
const cheaper = (mine, other) => cpuPerGigabyte(mine) / cpuPerGigabyte(other);
const finishShare = ({ finishSeconds, seconds }) => finishSeconds / seconds;

function speedRow(entry, where, server, runs) {
  const mine = runs.of(server);
  const ours = runs.of(subject);
  const disk = runs.of(plain);
  const counted = mine.results[0]?.cpu !== undefined;
  return [
    `(${entry.name}) ${entry.title}`,
    where,
    server,
    ours.empty || server === subject ? none : ours.against(mine, faster).text,
    disk.empty || server === plain ? none : mine.against(disk, faster).text,
    counted ? mine.middle(cpuPerGigabyte).toFixed(2) : none,
    counted ? megabytes(mine.most(({ peak }) => peak)) : none,
  ];
}

function openRow(entry, where, server, runs) {
  const mine = runs.of(server);
  return [
    `(${entry.name}) ${entry.title}`,
    where,
    server,
    kilobytes(mine.middle(({ open }) => open)),
    kilobytes(mine.middle(({ held }) => held)),
    megabytes(mine.most(({ peak }) => peak)),
  ];
}

function latencyRow(entry, where, server, runs) {
  const mine = runs.of(server);
  const slower = (part) => times(mine.middle(({ idle, busy }) => busy[part] / idle[part]));
  return [
    `(${entry.name}) ${entry.title}`,
    where,
    server,
    slower('median'),
    slower('slow'),
    megabytes(mine.most(({ peak }) => peak)),
  ];
}

/** What is paid for each number of watchers, over what the same work costs where nobody watches. */
function watchedRows(entry, where, server, runs) {
  const mine = runs.of(server);
  const counts = [...new Set(mine.results[0].watched.map(({ watchers }) => watchers))].filter((count) => count > 0);
  const middle = (run, count, value) => {
    const phases = run.watched.filter(({ watchers }) => watchers === count);
    return phases.reduce((sum, phase) => sum + value(phase), 0) / phases.length;
  };
  return counts.map((count) => {
    const over = (value) => times(mine.middle((run) => middle(run, count, value) / middle(run, 0, value)));
    const told = ({ told, seconds, watchers }) => told / seconds / watchers;
    return [
      `(${entry.name}) ${entry.title}`,
      where,
      count,
      over(cpuPerGigabyte),
      over(({ bytes, seconds }) => bytes / seconds),
      kilobytes(mine.middle((run) => middle(run, count, told))),
      megabytes(mine.most(({ peak }) => peak)),
    ];
  });
}

/** Each aim of a case as what was aimed at, what was measured, and whether that is enough. */
function* judge(entry, where, runs) {
  const ours = runs.of(subject);
  if (ours.empty) return;
  const aims = entry.aims[where];
  const peer = entry.peers[0];
  const theirs = runs.of(peer);
  if (aims.speed !== undefined && !theirs.empty) {
    const speed = ours.against(theirs, faster).value;
    const disk = runs.of(plain);
    const ofDisk = disk.empty ? 0 : ours.against(disk, faster).value;
    const either = aims.orOfDisk !== undefined;
    yield [
      `at least ${aims.speed} x the speed of ${peer}${either ? `, or ${aims.orOfDisk} of plain writes` : ''}`,
      times(speed) + (either ? `; ${ofDisk.toFixed(2)}` : ''),
      speed >= aims.speed || (either && ofDisk >= aims.orOfDisk),
    ];
  }
  if (aims.cpu !== undefined && !theirs.empty) {
    const cost = ours.against(theirs, cheaper).value;
    yield [`at most ${aims.cpu} of the CPU seconds per GB of ${peer}`, cost.toFixed(2), cost <= aims.cpu];
  }
  if (aims.openBytes !== undefined) {
    const open = ours.middle((result) => result.open);
    yield [`under ${kilobytes(aims.openBytes)} resident per open upload`, kilobytes(open), open < aims.openBytes];
  }
  if (aims.finish !== undefined) {
    const share = ours.middle(finishShare);
    yield [
      `finish in under ${aims.finish * 100} % of the upload's time`,
      `${(share * 100).toFixed(1)} %`,
      share < aims.finish,
    ];
  }
  // What converters take for a moment is theirs, and has limits of its own.
  if (entry.load === 'queue') return;
  const peak = ours.most((result) => result.peak);
  yield [`peak resident memory under ${megabytes(peakAim)}`, megabytes(peak), peak < peakAim];
}

/** The run's results as a Markdown page. Times of single runs are not in it: machines differ, ratios less so. */
export function report(all, { scale, repeat, load }) {
  const results = all.filter(({ failure }) => failure === undefined);
  const speeds = [];
  const opens = [];
  const latencies = [];
  const watched = [];
  const aims = [];
  for (const where of new Set(results.map((result) => result.where))) {
    for (const entry of cases) {
      const runs = new Runs(results.filter((result) => result.where === where && result.case === entry.name));
      for (const server of new Set(runs.results.map((result) => result.server))) {
        if (runs.results[0].watched !== undefined) watched.push(...watchedRows(entry, where, server, runs));
        else if (runs.results[0].busy !== undefined) latencies.push(latencyRow(entry, where, server, runs));
        else if (runs.results[0].open === undefined) speeds.push(speedRow(entry, where, server, runs));
        else opens.push(openRow(entry, where, server, runs));
      }
      for (const [aim, measured, met] of judge(entry, where, runs)) {
        aims.push([`(${entry.name}) ${entry.title}`, where, aim, measured, met ? 'met' : '**missed**']);
      }
    }
  }
  const parts = [
    '# Longshore beside its peers',
    `Written by \`npm run bench\` on ${cpus().length} cores with ${Math.round(totalmem() / 2 ** 30)} GiB of memory, ` +
      `Node ${process.version}, at scale ${scale} (1 is what the cases say), on a machine whose load averaged ` +
      `${load.toFixed(1)} towards the end. Each server runs the same work in turn, ${repeat} times over, each time ` +
      'freshly started and warmed up; the load runs in a process of its own. Ratios are taken within a round; shown is ' +
      'their median, with the least and the most. Longshore runs in its durable tier: what it acknowledges is synced to the disk, which its peers do not do. *Plain writes* are the same bytes written to files and synced, with no server.',
  ];
  if (aims.length > 0) parts.push('## Aims', table(['case', 'data on', 'aim', 'measured', ''], aims));
  if (speeds.length > 0) {
    const heads = [
      'case',
      'data on',
      'server',
      "Longshore's speed over it",
      'its speed over plain writes',
      'CPU s per GB',
      'peak memory',
    ];
    parts.push('## Speed, CPU and memory', table(heads, speeds));
  }
  if (opens.length > 0) {
    const heads = [
      'case',
      'data on',
      'server',
      'resident per open upload',
      'resident per held-open PATCH',
      'peak memory',
    ];
    parts.push('## Open uploads', table(heads, opens));
  }
  if (latencies.length > 0) {
    const heads = [
      'case',
      'data on',
      'server',
      'an upload beside the jobs over one alone, median',
      'the slowest in a hundred',
      'peak memory, conversions included',
    ];
    parts.push('## Latency while jobs run', table(heads, latencies));
  }
  if (watched.length > 0) {
    const heads = [
      'case',
      'data on',
      'watchers',
      'CPU per GB over that of nobody watching',
      'speed over that',
      'told each watcher in a second',
      'peak memory',
    ];
    parts.push('## Watching', table(heads, watched));
  }
  const failed = all.filter(({ failure }) => failure !== undefined);
  if (failed.length > 0) {
    const rows = failed.map((run) => [run.case, run.where, run.server, run.failure.split('\n')[0].slice(0, 200)]);
    parts.push('## Runs that failed', table(['case', 'data on', 'server', 'why'], rows));
  }
  parts.push(readFileSync(new URL('causes.md', import.meta.url), 'utf8').trim());
  return `${parts.join('\n\n')}\n`;
}
