import { execFile } from 'node:child_process';
import { findProgram } from './find.js';
import type { Limits } from './limits.js';

/** Programs of util-linux that lay a limit on themselves and then become the program that they are given. */
const confiners = {
  /** Into a network of its own, in which there is nobody. */
  network: { program: 'unshare', trial: ['--map-current-user', '--net', '--'] },
  limits: { program: 'prlimit', trial: ['--data=1073741824', '--core=0', '--'] },
} as const;

/** The path of a confiner, if it is installed and this system lets it do what it does. */
const working = async ({ program, trial }: (typeof confiners)[keyof typeof confiners]): Promise<string | undefined> => {
  const [path, nothing] = await Promise.all([findProgram(program), findProgram('true')]);
  if (path === undefined || nothing === undefined) return undefined;
  return new Promise((resolve) => {
    execFile(path, [...trial, nothing], { env: {}, timeout: 10_000 }, (error) => resolve(error ? undefined : path));
  });
};

const lookAround = async () => ({
  network: await working(confiners.network),
  limits: await working(confiners.limits),
});

/** What this machine offers does not change while we run. */
let around: ReturnType<typeof lookAround> | undefined;

const lookOnce = (): ReturnType<typeof lookAround> => {
  around ??= lookAround();
  return around;
};

/** Which confinements hold here. */
export interface Confinements {
  /** The memory of each process, and single files, have limits. */
  readonly memory: boolean;
  /** There is nobody on the program's network. */
  readonly network: boolean;
}

/** Looks which confinements hold here, once. */
export const confinements = async (): Promise<Confinements> => {
  const { network, limits } = await lookOnce();
  return { memory: limits !== undefined, network: network !== undefined };
};

/** The words to put before a program, so that it runs confined as far as this machine can. */
export const confined = async ({ memory, time, disk }: Limits): Promise<string[]> => {
  const { network, limits } = await lookOnce();
  // It may keep several processors busy; this is for what has left its group.
  const seconds = Math.ceil(time / 1000) * 8;
  return [
    ...(network === undefined ? [] : [network, ...confiners.network.trial]),
    ...(limits === undefined
      ? []
      : [limits, `--data=${memory}`, `--fsize=${disk}`, `--cpu=${seconds}`, '--core=0', '--']),
  ];
};
