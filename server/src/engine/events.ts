import type { Json } from '../kit/json.js';
import type { Upload } from './upload.js';

/** What happened to an upload. Facts only. */
export type EventKind = 'opened' | 'progressed' | 'finished' | 'cancelled' | 'expired' | 'corrupted';

/** Kinds that rest in the outbox until every consumer has had them; the others are told to listeners only. */
export const lastingKinds = ['finished', 'cancelled', 'expired', 'corrupted'] as const satisfies EventKind[];

export interface UploadEvent {
  readonly kind: EventKind;
  /** ms since 1970. */
  readonly at: number;
  readonly upload: Upload;
  /** `progressed`, and `finished` where the last chunk came with it: bytes that became durable with this step. */
  readonly bytes: number;
  /** Address of the client that brought them, or opened the upload; null where nobody said it. Not kept anywhere. */
  readonly from: string | null;
}

/** An event in the outbox. Delivered at least once, in this order. */
export interface OutboxEvent {
  /** Rises by one with each event; the same number is the same event. */
  readonly seq: number;
  readonly kind: (typeof lastingKinds)[number];
  readonly at: number;
  readonly uploadId: string;
  readonly dialect: string;
  readonly owner: string;
  readonly size: number;
  readonly object: string | null;
  readonly result: Json;
}
