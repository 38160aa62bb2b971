import { json } from '../../../http/answers.js';
import type { Reply } from '../../../http/exchange.js';
import type { Json } from '../../../kit/json.js';
import type { Ranges } from '../../../kit/ranges.js';
import type { Input } from '../jobs/job.js';
import { inputShape } from '../shapes/input.js';

/** A complete upload: the input, with an id that holds both ids, as clients read it (specs/api2convert.md §9). */
export const uploadShape = (job: string, input: Input): { [key: string]: Json } => ({
  completed: true,
  ...inputShape(input),
  id: { job, input: input.id },
});

/** An upload that is not complete; ranges are from first to last byte, as `Content-Range` has them (§10). */
export const partialShape = (
  job: string,
  { input, total, received, ranges }: { input: string; total: number; received: number; ranges: Ranges },
): { [key: string]: Json } => ({
  completed: false,
  id: { job, input },
  received,
  total,
  ranges: ranges.map(({ start, end }) => [start, end - 1]),
});

/** The answer to an upload. */
export const uploaded = (shape: Json): Reply => json(200, shape);
