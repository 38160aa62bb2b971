import * as v from 'valibot';
import { Bytes, Moment, Whole } from './words.js';

/** Something to copy and to try. */
export const Sample = v.object({ title: v.string(), code: v.string() });
export type Sample = v.InferOutput<typeof Sample>;

export const DialectAbout = v.object({
  name: v.string(),
  title: v.string(),
  doc: v.string(),
  endpoints: v.array(v.object({ url: v.string(), what: v.string() })),
  samples: v.array(Sample),
});
export type DialectAbout = v.InferOutput<typeof DialectAbout>;

/** Who answers here, and what it offers. */
export const About = v.object({
  name: v.string(),
  version: v.string(),
  uptimeSeconds: Whole,
  dialects: v.array(DialectAbout),
});
export type About = v.InferOutput<typeof About>;

/** How the server is. */
export const Health = v.object({
  at: Moment,
  ready: v.boolean(),
  /** Which checks fail. */
  failing: v.array(v.string()),
  node: v.string(),
  startedAt: Moment,
  /** Bytes the store has left; null: not limited, or not known. */
  room: v.nullable(Bytes),
  /** Of the process, in bytes. */
  memory: v.object({ rss: Bytes, heapUsed: Bytes }),
  /** Seconds of processor time since the start. */
  cpuSeconds: v.number(),
  openUploads: Whole,
  jobs: v.object({ waiting: Whole, running: Whole, failed: Whole }),
  /** How many watch the stream. */
  watchers: Whole,
});
export type Health = v.InferOutput<typeof Health>;

/** Bytes that became durable, in steps of equal length. */
export const Throughput = v.object({
  stepMs: Whole,
  /** When the last step began; it is not over yet. */
  at: Moment,
  /** By dialect, the oldest first; each dialect as many steps. */
  bytes: v.record(v.string(), v.array(Bytes)),
});
export type Throughput = v.InferOutput<typeof Throughput>;
