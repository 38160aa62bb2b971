import type { Facts } from '../../../engine/ports.js';
import type { FinishSpec } from '../../../engine/verbs.js';
import type { Parts } from '../context.js';
import { needJob, save } from '../jobs/change.js';
import type { Input, JobRecord } from '../jobs/job.js';
import { splitName } from '../names.js';
import { fileAway, versionOf } from './filing.js';

/** What is known of an input before it is in the catalog. */
export interface Arrival {
  readonly name: string;
  /** The client's word for the media type. */
  readonly type: string | null;
}

/** The job with this input in it: in the place of the one with its id, or behind the others. */
export const withInput = (job: JobRecord, input: Input): JobRecord => ({
  ...job,
  inputs: job.inputs.some(({ id }) => id === input.id)
    ? job.inputs.map((each) => (each.id === input.id ? input : each))
    : [...job.inputs, input],
});

/**
 * The finish of an upload that becomes an input, in one transaction with the input's record and all that follows from it,
 * such as the start of the job. `next` makes the input, or refuses; the upload's result is the input's id.
 */
export const becomingInput = (
  parts: Parts,
  id: string,
  arrival: Arrival | ((facts: Facts) => Promise<Arrival>),
  next: (
    facts: Facts,
    job: JobRecord,
    stored: NonNullable<Input['stored']>,
    arrival: Arrival,
  ) => Promise<Input> | Input,
  judge: (job: JobRecord) => void = () => undefined,
): FinishSpec => ({
  record: async (facts, upload) => {
    const before = await needJob(facts, id);
    judge(before);
    const known = typeof arrival === 'function' ? await arrival(facts) : arrival;
    const { folder, stored } = await fileAway(
      parts,
      facts,
      { id, job: before },
      { ...known, version: versionOf(upload) },
    );
    const input = await next(facts, before, stored, known);
    await save(parts, facts, id, { ...withInput(before, input), folder }, before);
    return input.id;
  },
});

/** The input's name, with an ending taken from its source's where the client's own has none (specs/api2convert.md §5). */
export const namedLike = (wish: string | undefined, source: string): string => {
  if (wish === undefined || wish.trim() === '') return source;
  return splitName(wish).ending === '' ? `${wish}${splitName(source).ending}` : wish;
};
