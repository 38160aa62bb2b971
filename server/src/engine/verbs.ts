import type { Json } from '../kit/json.js';
import type { Range, Ranges } from '../kit/ranges.js';
import type { Algorithm, Declared } from './digests.js';
import type { OutboxEvent, UploadEvent } from './events.js';
import type { Facts } from './ports.js';
import type { Expiry, Tier, Upload, UploadState } from './upload.js';

/** How an upload begins. */
export interface OpenSpec {
  /**
   * The id that it is to have; one is made where none is said. Refuses `malformed` for one that is no name, and for one
   * that was given before.
   */
  readonly id?: string;
  readonly dialect: string;
  readonly owner: string;
  /** Bytes, if known by now. */
  readonly size?: number | null;
  readonly maxSize?: number | null;
  /** Digests of the whole; checked at the finish. */
  readonly declared?: Declared;
  /** Digests of the whole to compute while the bytes arrive, also where none is declared. CRC32 always is. */
  readonly follow?: readonly Algorithm[];
  readonly metadata?: Json;
  readonly group?: string | null;
  readonly expiry?: Expiry | null;
  readonly tier?: Tier;
  /** The owner's quota in bytes; the size is reserved in it now, or as it grows where it is not known. */
  readonly quota?: number | null;
  /** The upload's first chunk follows in the same request, so its being there may become durable with that. */
  readonly chunkFollows?: boolean;
  /** Address of the client that opens it: told to listeners, and not kept. */
  readonly from?: string;
}

/** How a chunk's bytes are taken in. */
export interface StageSpec {
  /**
   * The upload they are for. Unknown, ended or foreign uploads are refused before the first byte is read. Left out where it
   * is told only after the bytes: then nothing but `limit` bounds them, and `accept` says it.
   */
  readonly upload?: string;
  /**
   * Where they go, if that is known before they come: they are then staged in place. `'end'`: behind the
   * bytes that are there without a hole.
   */
  readonly offset?: number | 'end';
  /**
   * The chunk must begin where the upload ends, or is refused with `wrong-offset`; it takes the upload over from an older
   * request that still holds it. Goes without saying for `offset: 'end'` and `keep: 'arrived'`.
   */
  readonly append?: boolean;
  /** Judges the upload before the first byte is read: whether the asker may touch it. May refuse. */
  readonly judge?: (upload: Upload) => void;
  /** `whole`: all or nothing. `arrived`: what came before a cut is kept, and committed on the way. */
  readonly keep: 'whole' | 'arrived';
  /** Bytes the body is said to have: judged before the first of them, and a body that differs is `cut`. */
  readonly length?: number | null;
  /** Most bytes this chunk may have; where its length is not known, its place is kept for so many. */
  readonly limit?: number | null;
  /** Digests of the chunk to compute on the way. */
  readonly digests?: readonly Algorithm[];
  /** Aborts when the sender is gone. */
  readonly gone?: AbortSignal;
  /** Aborts when the server wants to stop: an `arrived` chunk ends with what it has. */
  readonly finishSoon?: AbortSignal;
  /** Address of the client that sends it: told to listeners, and not kept. */
  readonly from?: string;
}

/** Bytes that were taken in and belong to nobody yet. Accept them or discard them. */
export interface Staged {
  /** The upload they were staged for; null where it was not known. */
  readonly upload: string | null;
  readonly length: number;
  readonly digests: Declared;
  /** The body ended before its length (only ever with `keep: 'arrived'`). */
  readonly cut: boolean;
}

/** How staged bytes become part of their upload. */
export interface AcceptSpec {
  /** The upload that they are for, where the stage did not know. */
  readonly upload?: string;
  /** Where they go, unless the stage knew. `'end'`: behind the last byte that is there. */
  readonly offset?: number | 'end';
  /** Digests that the chunk must have. */
  readonly digests?: Declared;
  /** The upload's size, if it is known by now. */
  readonly size?: number;
  /**
   * Bytes that are there already: `same` accepts a repeat of the very same bytes and refuses others with
   * `wrong-offset`; `replace` lets the new bytes win; `refuse` refuses either.
   */
  readonly overlap?: 'same' | 'replace' | 'refuse';
  /** No more bytes come after this chunk: its end is the upload's end, and the upload is sealed. */
  readonly last?: boolean;
  /** What the dialect keeps with the upload from this chunk on. */
  readonly metadata?: Json;
  /** If this chunk completes the upload, finish it in the same step. */
  readonly finish?: FinishSpec;
}

export interface Accepted {
  readonly upload: Upload;
  /** All of these bytes had been there before. */
  readonly repeated: boolean;
  /** Concatenations that wait for this upload and may be joined now. */
  readonly joins: readonly string[];
}

/** How an upload becomes a file. */
export interface FinishSpec {
  /** Overrules the size that was declared. */
  readonly size?: number;
  /** Overrules, digest by digest, what was declared. */
  readonly declared?: Declared;
  readonly metadata?: Json;
  /**
   * Runs inside the finish's own ledger transaction: what it writes is there if and only if the upload is finished,
   * and what it returns is the upload's `result`. May refuse. May run again, so it must do nothing but write facts.
   */
  readonly record?: (facts: Facts, upload: Upload) => Promise<Json>;
  /** What a digest that does not agree makes of the upload: it ends as `corrupt`, or stays as it was. */
  readonly onMismatch?: 'corrupt' | 'keep';
}

export interface UploadQuery {
  readonly owner?: string;
  readonly dialect?: string;
  readonly group?: string;
  readonly states?: readonly UploadState[];
  /** Only uploads that ended before this moment (ms since 1970), the first ended first. */
  readonly endedBefore?: number;
  /** An id: only uploads behind it. */
  readonly after?: string;
  readonly limit?: number;
}

/** `open` takes uploads; the others are ends. */
export type GroupState = 'open' | 'finished' | 'cancelled' | 'expired';

/** Uploads that belong together: a snapshot, never changed in place. */
export interface Group {
  readonly id: string;
  readonly dialect: string;
  readonly owner: string;
  readonly state: GroupState;
  /** In the order in which they were put in. */
  readonly uploads: readonly string[];
  readonly metadata: Json;
  /** Sliding, it counts from the last touch of the group or of any of its uploads. */
  readonly expiry: Expiry | null;
  readonly createdAt: number;
  readonly touchedAt: number;
  readonly endedAt: number | null;
  /** Set by the finish: what was recorded with it; a repeated finish gets it again. */
  readonly result: Json;
}

/** How a group begins. */
export interface GroupSpec {
  readonly dialect: string;
  readonly owner: string;
  readonly metadata?: Json;
  readonly expiry?: Expiry | null;
  /** Uploads to open in it, in this order: with the group, or not at all. */
  readonly uploads?: readonly Omit<OpenSpec, 'id' | 'dialect' | 'owner' | 'group'>[];
}

/** How a group ends well. */
export interface GroupFinish {
  readonly metadata?: Json;
  /**
   * Runs inside the finish's own ledger transaction, with the uploads as they are there: what it writes is there if and only
   * if the group is finished, and what it returns is the group's `result`. May refuse. May run again.
   */
  readonly record?: (facts: Facts, group: Group, uploads: readonly Upload[]) => Promise<Json>;
}

export interface GroupQuery {
  readonly owner?: string;
  readonly dialect?: string;
  readonly states?: readonly GroupState[];
  /** Only groups that ended before this moment (ms since 1970), the first ended first. */
  readonly endedBefore?: number;
  /** An id: only groups behind it. */
  readonly after?: string;
  readonly limit?: number;
}

/**
 * The engine's verbs. A refusal means that nothing changed. Ids are what `open` gave out; an unknown one is refused with
 * `no-such-upload`. Whether the asker may touch an upload is judged by its dialect, which knows who asks.
 */
export interface Engine {
  /** Begins an upload. Refuses `too-large`, `no-room`, `over-quota`, `no-such-group`, `malformed`, `draining`. */
  open(spec: OpenSpec): Promise<Upload>;
  /**
   * What is known of an upload. `settle`: first asks a request that still holds its end to let go and waits for that,
   * so that the answer is what a client that comes back can go on from.
   */
  look(id: string, how?: { settle?: boolean }): Promise<Upload>;
  /** As `look`, but nothing where there is no such upload. */
  find(id: string): Promise<Upload | undefined>;
  /** Which bytes are there. */
  ranges(id: string): Promise<Ranges>;
  /** Uploads in the order of their ids. */
  list(query?: UploadQuery): Promise<Upload[]>;
  /** Changes what is known of an open upload: a size that was not known, metadata, expiry, declared digests. */
  amend(
    id: string,
    changes: { size?: number; metadata?: Json; expiry?: Expiry | null; declared?: Declared },
  ): Promise<Upload>;
  /** Takes a chunk's bytes in, seen by nobody. `body` is read to its end, or no further than the first refusal. */
  stage(body: AsyncIterable<Uint8Array>, spec: StageSpec): Promise<Staged>;
  /** Makes staged bytes part of their upload: all of them, durable, or none. On a refusal they are discarded. */
  accept(staged: Staged, spec?: AcceptSpec): Promise<Accepted>;
  /** Drops staged bytes. Dropping what was accepted or dropped before is no error. */
  discard(staged: Staged): Promise<void>;
  /** Makes a complete upload a file, once. A finished upload answers again what it answered then. */
  finish(id: string, spec?: FinishSpec): Promise<Upload>;
  /** Ends an upload and removes its bytes. Cancelling what is cancelled answers again; `not-open` once finished. */
  cancel(id: string): Promise<Upload>;
  /**
   * Empties a corrupt or open upload, so that its bytes can be sent anew; `size`: as many as that, from now on. Refuses as
   * `open` does.
   */
  reset(id: string, how?: { size?: number | null }): Promise<Upload>;
  /**
   * Removes an ended upload's record, and its bytes if `withBytes`. For janitors and deleted files. What is gone is no error,
   * so that a process that died on the way can be followed by another.
   */
  forget(id: string, how?: { withBytes?: boolean }): Promise<void>;
  /**
   * An upload made of others, in this order. It is joined now if all of them are sealed; otherwise it stays open, takes
   * no bytes of its own, and waits for `join`. Refuses `no-such-upload`, `malformed`, `too-large`.
   */
  concat(parts: readonly string[], spec: OpenSpec & { finish?: FinishSpec }): Promise<Upload>;
  /** Joins a concatenation whose parts are all sealed by now; changes nothing while one is not. Once only. */
  join(id: string, finish?: FinishSpec): Promise<Upload>;
  /** Bytes that are there. Of a finished upload: its file. */
  read(upload: Upload, range?: Range): AsyncIterable<Uint8Array>;
  /** Bytes of a published object. */
  readObject(object: string, range: Range): AsyncIterable<Uint8Array>;
  /** Begins a group, with uploads in it if any are told. Refuses as `open` does. */
  openGroup(spec: GroupSpec): Promise<Group>;
  /** What is known of a group; an unknown one is refused with `no-such-group`. */
  lookGroup(id: string): Promise<Group>;
  /** Groups in the order of their ids. */
  listGroups(query?: GroupQuery): Promise<Group[]>;
  /** Changes what the dialect keeps with a group. Refuses `not-open` once it has ended. */
  amendGroup(id: string, changes: { metadata?: Json }): Promise<Group>;
  /**
   * Ends a group well, once: a finished one answers again what it answered then. Uploads in it that are still open are
   * cancelled; from now on none of it can be finished. Refuses `not-open` where it ended otherwise.
   */
  finishGroup(id: string, spec?: GroupFinish): Promise<Group>;
  /** Ends a group and the uploads in it that are still open. A cancelled one answers again; `not-open` once finished. */
  cancelGroup(id: string): Promise<Group>;
  /** Removes an ended group's record. What is gone is no error. */
  forgetGroup(id: string): Promise<void>;
  /** Ends uploads and groups that are overdue by the clock; says how many ended. `limit` bounds one sweep. */
  expire(limit?: number): Promise<number>;
  /** Hears every event from now on, after it became durable. Gives back how to stop hearing. */
  listen(hear: (event: UploadEvent) => void): () => void;
  /** The outbox from behind `after`, oldest first. */
  outbox(after: number, limit?: number): Promise<OutboxEvent[]>;
  /** Lets running chunks end, refuses new ones with `draining`. */
  drain(): Promise<void>;
}
