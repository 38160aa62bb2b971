import { Command } from 'commander';
import { check } from '../services/fsck/check.js';
import { findingKinds } from '../services/fsck/findings.js';
import { withData } from './data.js';
import { takesConfig } from './options.js';
import type { Terminal } from './terminal.js';

interface FsckFlags {
  readonly digests?: boolean;
  readonly repair?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `longshore fsck`: whether the facts and the bytes of a data folder agree. Exit code 0: they do; 1: something was found. */
export const fsckCommand = (terminal: Terminal): Command =>
  takesConfig(new Command('fsck'))
    .description('Check that uploads, files, catalog and counts agree with the bytes that are there')
    .option('--digests', 'read every finished file and compare its checksum')
    .option('--repair', 'put right what can be: finish or undo half-done publishes, remove orphans, count usage anew')
    .option('--all', 'judge also what is younger than an hour; only while no server runs over this data')
    .option('--json', 'one JSON object per line for each finding')
    .addHelpText(
      'after',
      `
Exit code: 0 when all is well, 1 when something was found (also if it was repaired).

Examples:
  longshore fsck --data /srv/longshore --digests
  longshore fsck --data /srv/longshore --repair --all    (with the server stopped)`,
    )
    .action((spec: FsckFlags, command: Command) =>
      withData(command, terminal, async (data) => {
        const { findings, repaired } = await check(data, spec, (finding) => {
          const { kind, subject, details, repaired } = finding;
          const line = `${subject}: ${findingKinds[kind]} (${details})${repaired ? '; repaired' : ''}`;
          terminal.print(spec.json ? JSON.stringify(finding) : line);
        });
        terminal.say(findings === 0 ? 'All is well.' : `${findings} found, ${repaired} repaired.`);
        if (findings > 0) terminal.exitWith(1);
      }),
    );
