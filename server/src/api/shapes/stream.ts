import * as v from 'valibot';
import { Health, Throughput } from './server.js';
import { Event, Upload } from './uploads.js';
import { Moment, Whole } from './words.js';
import { Job, Task } from './work.js';

/**
 * What `GET /api/stream` tells, by the name of the server-sent event. Each begins with `hello`: all uploads that live, so that
 * whoever lost the stream needs none of those that came before. Events, tasks and jobs of a break are asked for.
 */
export const streamShapes = {
  hello: v.object({
    at: Moment,
    /** All that are open or sealed, at most 5,000. */
    uploads: v.array(Upload),
    /** Of all, for administrators; others are told of none. */
    throughput: Throughput,
  }),
  /** What changed since it was told last: whole uploads, also those that have ended meanwhile. */
  uploads: v.object({ at: Moment, uploads: v.array(Upload) }),
  /** What happened for good. */
  event: Event,
  /** The step that is running, or the end of the one before; for administrators. */
  throughput: v.object({ at: Moment, stepMs: Whole, bytes: v.record(v.string(), Whole) }),
  /** Tasks that changed. */
  tasks: v.object({ tasks: v.array(Task) }),
  /** Jobs that changed; for administrators. */
  jobs: v.object({ jobs: v.array(Job) }),
  /** For administrators. */
  health: Health,
} as const;

export type StreamEvents = { readonly [Name in keyof typeof streamShapes]: v.InferOutput<(typeof streamShapes)[Name]> };
