import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';

const kibibyte = 1024;

/** A number in a process's status; 0 where it is not there. */
const numberIn = (status: string, field: RegExp): number => Number(field.exec(status)?.[1] ?? 0);
const groupField = /^NSpgid:\s+(\d+)/m;
const memoryField = /^RssAnon:\s+(\d+)/m;

/** One by one: there may be many, and others wait for files, too. */
const fromProc = async (names: readonly string[], group: number): Promise<number> => {
  let sum = 0;
  for (const name of names) {
    // What has ended meanwhile has no memory.
    const status = await readFile(`/proc/${name}/status`, 'latin1').catch(() => '');
    if (numberIn(status, groupField) === group) sum += numberIn(status, memoryField) * kibibyte;
  }
  return sum;
};

/** For systems without /proc; memory that is shared counts there, too. */
const fromPs = (group: number): Promise<number> =>
  new Promise((resolve) => {
    execFile('ps', ['-A', '-o', 'pgid=', '-o', 'rss='], (error, output) => {
      const rows = (error ? '' : output).split('\n').map((row) => row.trim().split(/\s+/).map(Number));
      resolve(rows.reduce((sum, [id, size = 0]) => (id === group ? sum + size * kibibyte : sum), 0));
    });
  });

/** Bytes of memory that the processes of a group have of their own; 0 where the system does not tell, or there is no group. */
export const groupMemory = async (group: number | undefined): Promise<number> => {
  if (group === undefined) return 0;
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  return names.length > 0 ? fromProc(names, group) : fromPs(group);
};
