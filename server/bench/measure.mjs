import { readFileSync, writeFileSync } from 'node:fs';

/** What `/proc/<pid>/stat` counts in, per second: a constant of the Linux ABI, whatever the kernel's own rate is. */
const ticksPerSecond = 100;

/** A process and every process below it, so that a server of several workers is measured whole. */
function family(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid, ...(children === '' ? [] : children.split(' ').flatMap((child) => family(Number(child))))];
}

/** User and system time in seconds that a process and its children have used since they started. */
export function cpuSeconds(pid) {
  let ticks = 0;
  for (const member of family(pid)) {
    const stat = readFileSync(`/proc/${member}/stat`, 'utf8');
    const [, , , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(')') + 1).split(' ');
    ticks += Number(user) + Number(system);
  }
  return ticks / ticksPerSecond;
}

function statusBytes(pid, field) {
  let bytes = 0;
  for (const member of family(pid)) {
    const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${member}/status`, 'utf8'));
    bytes += Number(found?.[1] ?? 0) * 1024;
  }
  return bytes;
}

/** Resident memory in bytes now. */
export const residentBytes = (pid) => statusBytes(pid, 'VmRSS');

/** The most resident memory in bytes since the process started or `forgetPeak` was last called. */
export const peakBytes = (pid) => statusBytes(pid, 'VmHWM');

/** Lets `peakBytes` begin anew from what is resident now. */
export function forgetPeak(pid) {
  for (const member of family(pid)) writeFileSync(`/proc/${member}/clear_refs`, '5');
}
