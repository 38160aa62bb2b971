import { type FactReader, type Facts, shelf } from '../../engine/ports.js';
import type { JobRecord } from './jobs/job.js';

/** What an account did on one day. */
export interface Day {
  /** Jobs that came to an end. */
  readonly jobs: number;
  /** Bytes of their inputs. */
  readonly bytes: number;
}

/** `<owner>/<yyyy-mm-dd>`. */
const dayShelf = shelf<Day>('api2convert/stats');

const within = (owner: string): string => `${encodeURIComponent(owner)}/`;

/** Counts a job that ended at `now` (ms since 1970). */
export const count = async (facts: Facts, { owner, inputs }: JobRecord, now: number): Promise<void> => {
  const key = `${within(owner)}${new Date(now).toISOString().slice(0, 10)}`;
  const before = await dayShelf.get(facts, key);
  const bytes = inputs.reduce((sum, { stored }) => sum + (stored?.size ?? 0), 0);
  dayShelf.put(facts, key, { jobs: (before?.jobs ?? 0) + 1, bytes: (before?.bytes ?? 0) + bytes });
};

/** The days of an account that begin so: `2026`, `2026-01`, `2026-01-31`; in their order. */
export const daysOf = async (
  facts: FactReader,
  owner: string,
  period: string,
): Promise<readonly ({ readonly date: string } & Day)[]> => {
  const found = await dayShelf.list(facts, { within: `${within(owner)}${period}` });
  return found.map(({ id, value }) => ({ date: id.slice(id.lastIndexOf('/') + 1), ...value }));
};
