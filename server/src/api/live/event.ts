import type { OutboxEvent } from '../../engine/events.js';
import type { Event } from '../shapes/index.js';

/** What happened for good, as it is told. */
export const eventShape = ({ seq, kind, at, uploadId, dialect, owner, size }: OutboxEvent): Event => ({
  number: seq,
  kind,
  at,
  upload: uploadId,
  dialect,
  owner,
  size,
});
