import { Command, Option } from 'commander';
import { failureOf, type Job, type JobState, type Jobs, toldJob } from '../services/jobs/jobs.js';
import { openJobs } from '../services/jobs/open.js';
import { withData } from './data.js';
import { takesConfig } from './options.js';
import { moment, printable, table } from './table.js';
import type { Terminal } from './terminal.js';

const states = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const satisfies JobState[];

/** Characters of a message that a table shows. */
const shownMessage = 60;

/** Does `work` with the queue of a data folder, in which a server may work meanwhile. */
const withJobs = (command: Command, terminal: Terminal, work: (jobs: Jobs) => Promise<void>): Promise<void> =>
  withData(command, terminal, ({ ledger, clock, ids, log, presence }, { jobs: options }) =>
    work(openJobs({ ledger, clock, ids, log, presence, options })),
  );

/** The job of this id. Throws where there is none. */
const needJob = async (jobs: Jobs, id: string): Promise<Job> => {
  const job = await jobs.find(id);
  if (!job) throw new Error(`There is no job ${id}.`);
  return job;
};

const row = (job: Job): string[] => {
  const { id, kind, state, attempts, maxAttempts, dueAt, endedAt } = job;
  const message = printable(failureOf(job) ?? '').slice(0, shownMessage);
  return [id, kind, state, `${attempts} of ${maxAttempts}`, moment(endedAt ?? dueAt), message];
};

const retry = (terminal: Terminal): Command =>
  takesConfig(new Command('retry'))
    .description('Have a job that waits or has ended done as soon as may be, with all its attempts anew')
    .argument('<id>', 'id of the job')
    .action((id: string, _spec: object, command: Command) =>
      withJobs(command, terminal, async (jobs) => {
        const { state } = await needJob(jobs, id);
        if (state === 'running') throw new Error(`Job ${id} is being done.`);
        await jobs.retry(id);
        terminal.say(`Job ${id} is done as soon as a server runs over this data.`);
      }),
    );

const cancel = (terminal: Terminal): Command =>
  takesConfig(new Command('cancel'))
    .description('End a job that waits or runs; a fax or conversion that it is done for waits until the job is retried')
    .argument('<id>', 'id of the job')
    .action((id: string, _spec: object, command: Command) =>
      withJobs(command, terminal, async (jobs) => {
        const { state, endedAt } = await needJob(jobs, id);
        if (endedAt !== null) throw new Error(`Job ${id} is ${state}.`);
        await jobs.cancel(id);
        terminal.say(`Cancelled job ${id}.`);
      }),
    );

/** `longshore jobs`: the queue of a data folder. */
export const jobsCommand = (terminal: Terminal): Command =>
  takesConfig(new Command('jobs'))
    .description('List the queue of work after uploads: faxes, conversions, thumbnails; retry or cancel a job')
    // The subcommands take the same options, and those behind them are theirs.
    .enablePositionalOptions()
    .addOption(new Option('--state <state>', 'only jobs in this state').choices(states))
    .option('--kind <kind>', 'only jobs of this kind')
    .option('--json', 'one JSON object per line')
    .addCommand(retry(terminal))
    .addCommand(cancel(terminal))
    .addHelpText(
      'after',
      `
Examples:
  longshore jobs --state failed
  longshore jobs retry mhx0a1b2c3`,
    )
    .action((spec: { state?: JobState; kind?: string; json?: boolean }, command: Command) =>
      withJobs(command, terminal, async (jobs) => {
        const found = await jobs.list({
          limit: Number.MAX_SAFE_INTEGER,
          ...(spec.state !== undefined && { state: spec.state }),
          ...(spec.kind !== undefined && { kind: spec.kind }),
        });
        if (spec.json) for (const job of found) terminal.print(JSON.stringify(toldJob(job)));
        else
          terminal.print(
            table([['ID', 'KIND', 'STATE', 'ATTEMPTS', 'DUE OR ENDED (UTC)', 'MESSAGE'], ...found.map(row)]),
          );
      }),
    );
