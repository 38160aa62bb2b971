import { numberOption, type OptionTable, type OptionValues } from '../../kit/options.js';

/** What can be set about jobs. */
export const jobsOptions = {
  maxAttempts: numberOption({ help: 'How often a job is tried before it counts as failed.', default: 5, min: 1 }),
  retrySeconds: numberOption({
    help: 'Seconds until a failed job is tried again; twice as long after each further failure, up to an hour.',
    default: 5,
    min: 1,
  }),
  leaseSeconds: numberOption({
    help: 'Seconds after which a job of a process that gives no sign of life is run by another.',
    default: 30,
    min: 3,
  }),
  keepDays: numberOption({ help: 'Days for which ended jobs are kept.', default: 7 }),
} as const satisfies OptionTable;

export type JobsOptions = OptionValues<typeof jobsOptions>;
