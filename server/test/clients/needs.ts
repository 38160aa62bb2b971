import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Why a program cannot be used here; undefined if it can. `args` must make it end with 0. */
export function lacking(command: string, args: readonly string[], what: string): string | undefined {
  const { status } = spawnSync(command, args, { stdio: 'ignore' });
  return status === 0 ? undefined : `needs ${what}`;
}

/** The system's own Python: another one first on the PATH does not see Debian's packages. */
export const python = '/usr/bin/python3';

/** Why `python` cannot speak SOAP by zeep here; undefined if it can. */
export const lackingZeep = (): string | undefined => lacking(python, ['-c', 'import zeep'], 'python3 with zeep');

/** Why PHP cannot speak SOAP here; undefined if it can. */
export const lackingPhp = (): string | undefined =>
  lacking('php', ['-r', 'exit(class_exists("SoapClient") ? 0 : 1);'], 'php with its soap extension');

/**
 * Tests that need more than Node: left out where it is missing, with the reason said and in their title, and failed where
 * LONGSHORE_CI promises that nothing is.
 */
export function describeWith(title: string, missing: string | undefined, tests: () => void): void {
  if (missing === undefined) describe(title, tests);
  else if (process.env['LONGSHORE_CI']) it(`${title}: what it needs is here`, () => expect.fail(missing));
  else {
    // Vitest's summary counts what it leaves out and does not say why.
    process.stderr.write(`Left out: ${title} (${missing})\n`);
    describe.skip(`${title} (${missing})`, tests);
  }
}
