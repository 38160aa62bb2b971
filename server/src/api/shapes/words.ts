import * as v from 'valibot';

export const Whole = v.pipe(v.number(), v.integer());
export const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
export const Moment = v.pipe(v.number(), v.integer(), v.description('Milliseconds since 1970.'));
export const Bytes = v.pipe(v.number(), v.integer(), v.minValue(0), v.description('Bytes.'));

/** What was refused, and why (RFC 9457). */
export const Problem = v.object({
  type: v.pipe(v.string(), v.description('Which refusal it is: `about:blank`, or `urn:longshore:` and its kind.')),
  title: v.pipe(v.string(), v.description('In English, for people.')),
  status: Whole,
});
export type Problem = v.InferOutput<typeof Problem>;
