import { readFileSync, readlinkSync } from 'node:fs';
import type { Json } from './json.js';

/** Tells whether the process that once wrote something down is still there. */
export interface Presence {
  /** Describes this process, so that others can look for it. */
  readonly self: Json;
  /** Is the process that `other` describes surely gone? When in doubt, no. */
  isGone(other: Json): boolean;
}

interface ProcessMark {
  /** Which machine since which boot, and which process table on it; empty where the system does not say. */
  readonly boot: string;
  readonly pid: number;
  /** When the process started, in ticks since the boot; tells a process from a later one with its number. */
  readonly started: string;
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

/** Containers of one machine share its boot id but number their processes apart. */
const processTable = (): string => {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
};

/** The 22nd field of `/proc/PID/stat`; counted from behind the name, which may hold blanks and brackets. */
const startedAt = (pid: number): string => {
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
};

const isMark = (mark: Json): mark is { boot: string; pid: number; started: string } =>
  mark !== null && typeof mark === 'object' && !Array.isArray(mark) && typeof mark.pid === 'number';

/** Presence by process number, start time and boot id. Of other machines it never says that a process is gone. */
export const processPresence = (): Presence => {
  const bootId = read('/proc/sys/kernel/random/boot_id').trim();
  const boot = bootId && `${bootId} ${processTable()}`;
  const self: ProcessMark = { boot, pid: process.pid, started: startedAt(process.pid) };
  return {
    self: { ...self },
    isGone: (other) => isMark(other) && boot !== '' && other.boot === boot && startedAt(other.pid) !== other.started,
  };
};
