import * as v from 'valibot';
import { Count, Moment, Whole } from './words.js';

export const WorkState = v.picklist(['waiting', 'running', 'done', 'failed', 'cancelled']);
export type WorkState = v.InferOutput<typeof WorkState>;

/** What becomes of an upload and takes its time: a fax, a conversion. */
export const Task = v.object({
  dialect: v.string(),
  id: v.string(),
  owner: v.string(),
  /** For people: `Fax to +49 30 1234567`. */
  title: v.string(),
  state: WorkState,
  /** Its state in its dialect's own words, or why it failed. */
  message: v.string(),
  /** 0 to 1; null: not known. */
  progress: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  /** How many pages can be looked at. */
  pages: Count,
  /** What else is to be known: `['Pages sent', '3']`. */
  facts: v.array(v.tuple([v.string(), v.string()])),
  may: v.object({ retry: v.boolean(), cancel: v.boolean() }),
  createdAt: Moment,
  endedAt: v.nullable(Moment),
});
export type Task = v.InferOutput<typeof Task>;

export const Tasks = v.object({
  /** The newest first. */
  tasks: v.array(Task),
});
export type Tasks = v.InferOutput<typeof Tasks>;

/** Work in the queue. */
export const Job = v.object({
  id: v.string(),
  kind: v.string(),
  state: WorkState,
  attempts: Whole,
  maxAttempts: Whole,
  /** Why the last attempt failed. */
  message: v.nullable(v.string()),
  dueAt: Moment,
  createdAt: Moment,
  endedAt: v.nullable(Moment),
});
export type Job = v.InferOutput<typeof Job>;

export const Jobs = v.object({
  /** The newest first. */
  jobs: v.array(Job),
});
export type Jobs = v.InferOutput<typeof Jobs>;
