import * as v from 'valibot';
import { Bytes, Count, Moment, Whole } from './words.js';

export const UploadStateName = v.picklist(['open', 'sealed', 'finished', 'cancelled', 'expired', 'corrupt']);
export type UploadStateName = v.InferOutput<typeof UploadStateName>;

/** An upload, as it is watched. */
export const Upload = v.object({
  id: v.string(),
  dialect: v.string(),
  owner: v.string(),
  state: UploadStateName,
  name: v.nullable(v.pipe(v.string(), v.description('The file, as the client calls it.'))),
  size: v.nullable(Bytes),
  received: Bytes,
  /** Address of the client that sent last; null where nothing was sent since the server started. */
  from: v.nullable(v.string()),
  /** Of the last seconds, in bytes that became durable. */
  bytesPerSecond: Count,
  createdAt: Moment,
  touchedAt: Moment,
  endedAt: v.nullable(Moment),
  /** When it ends if nobody touches it. */
  expiresAt: v.nullable(Moment),
});
export type Upload = v.InferOutput<typeof Upload>;

/** An upload with all that is known of it. */
export const UploadDetail = v.object({
  ...Upload.entries,
  contiguous: Bytes,
  /** From (included), to (not included); at most a thousand of them. */
  ranges: v.array(v.tuple([Bytes, Bytes])),
  declared: v.record(v.string(), v.string()),
  digests: v.record(v.string(), v.string()),
  group: v.nullable(v.string()),
  tier: v.picklist(['durable', 'relaxed']),
});
export type UploadDetail = v.InferOutput<typeof UploadDetail>;

export const Uploads = v.object({
  uploads: v.array(Upload),
  /** What `after` is to be for the next ones; null: there are none. */
  next: v.nullable(v.string()),
});
export type Uploads = v.InferOutput<typeof Uploads>;

/** Something that happened for good. */
export const Event = v.object({
  /** Rises by one with each event. */
  number: Whole,
  kind: v.picklist(['finished', 'cancelled', 'expired', 'corrupted']),
  at: Moment,
  upload: v.string(),
  dialect: v.string(),
  owner: v.string(),
  size: Bytes,
});
export type Event = v.InferOutput<typeof Event>;

export const Events = v.object({
  /** The newest first. */
  events: v.array(Event),
  /** What `before` is to be for the older ones; null: there are none. */
  next: v.nullable(Whole),
});
export type Events = v.InferOutput<typeof Events>;
