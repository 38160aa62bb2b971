import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';

/*
 * A thread beside the one that renders: it ends the process, and those it started, when they take more memory or disk than
 * they may, or when their parent is gone. The thread that renders cannot look after itself while a library has it.
 */

const { folder, memory, disk } = workerData as { folder: string; memory: number; disk: number };

/** In ms. */
const every = 50;
const parent = process.ppid;

/** A number in a file of /proc, or 0 where the process is gone by now. */
const field = (text: string, index: number): number => Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[index]);

/** Memory of the processes of our group besides ours, in bytes; 0 where the system does not tell. */
const othersMemory = (): number => {
  let sum = 0;
  let processes: string[] = [];
  try {
    processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  } catch {
    return 0;
  }
  for (const id of processes) {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'latin1');
      // Behind the name: the state, the parent, the group; the 22nd is the memory in use, in pages.
      if (field(stat, 2) === process.pid) sum += field(stat, 21) * 4096;
    } catch {
      // It has ended meanwhile.
    }
  }
  return sum;
};

const folderSize = (path: string): number => {
  let sum = 0;
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    try {
      sum += statSync(join(entry.parentPath, entry.name)).size;
    } catch {
      // It has gone meanwhile.
    }
  }
  return sum;
};

/** Ends the whole group, which is this process's own. */
const end = (): void => {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
};

let round = 0;
setInterval(() => {
  round += 1;
  if (process.ppid !== parent) return end();
  if (process.memoryUsage.rss() > memory) return end();
  // Looked at less often, as it costs more.
  if (round % 5 === 0 && (process.memoryUsage.rss() + othersMemory() > memory || folderSize(folder) > disk)) end();
}, every);
