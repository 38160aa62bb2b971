import type { Json } from '../kit/json.js';
import type { Declared } from './digests.js';

/**
 * `open` takes bytes; `sealed` has all it will get and waits for its finish; the others are ends.
 * `corrupt`: its bytes contradicted a declared digest at the finish.
 */
export type UploadState = 'open' | 'sealed' | 'finished' | 'cancelled' | 'expired' | 'corrupt';

/** `durable`: survives the loss of power. `relaxed`: survives the death of the process. */
export type Tier = 'durable' | 'relaxed';

/** When an upload that nobody touches ends. */
export interface Expiry {
  /** ms since 1970. */
  readonly at: number;
  /** If set, every accepted chunk moves `at` to this many ms from now. */
  readonly sliding: number | null;
}

/** What is known of an upload: a snapshot, never changed in place. */
export interface Upload {
  readonly id: string;
  /** Which dialect opened it; the engine only keeps the word. */
  readonly dialect: string;
  /** The account it belongs to. */
  readonly owner: string;
  readonly state: UploadState;
  /** Declared size in bytes; null while it is not known. */
  readonly size: number | null;
  /** Largest size it may ever have, in bytes; null: no limit. */
  readonly maxSize: number | null;
  /** How many bytes are there, durable and counted (`Engine.ranges` says which). */
  readonly received: number;
  /** How far they go from 0 without a hole. */
  readonly contiguous: number;
  /** Digests that somebody declared for the whole: checked at the finish. */
  readonly declared: Declared;
  /**
   * Digests of the whole, hex; complete once finished. CRC32 is always there then, and once a last chunk has sealed the upload
   * without a hole.
   */
  readonly digests: Declared;
  /** What the dialect keeps with it. */
  readonly metadata: Json;
  readonly group: string | null;
  readonly expiry: Expiry | null;
  readonly tier: Tier;
  /** Bytes reserved for it in its owner's quota. */
  readonly reserved: number;
  /** ms since 1970. */
  readonly createdAt: number;
  readonly touchedAt: number;
  readonly endedAt: number | null;
  /** Set by the finish: the name of its bytes in the store. */
  readonly object: string | null;
  /** Set by the finish: what was recorded with it; a repeated finish gets it again. */
  readonly result: Json;
}
