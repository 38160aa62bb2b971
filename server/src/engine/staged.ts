import type { Core } from './core.js';
import type { Declared } from './digests.js';
import type { Trail } from './followers.js';
import type { Gathered } from './gathered.js';
import type { Lease } from './leases.js';
import type { UploadRecord } from './records.js';
import type { Staged } from './verbs.js';

interface Brought {
  /** Address of the client that sent it; null where nobody said it. */
  readonly from: string | null;
}

/** In the upload's own part, at its place, under a lease. */
export interface Placed extends Brought {
  readonly kind: 'placed';
  readonly lease: Lease;
  /** Bytes not committed on the way: they begin here. */
  readonly start: number;
  readonly length: number;
  readonly crc: number;
  /** Bytes that were committed on the way, before `start`. */
  readonly committed: number;
  readonly trail: Trail | null;
  /** The upload as it was when this stage last saw it. */
  readonly known: UploadRecord;
}

/** In memory, which is taken from the budget for held chunks. */
export interface Held extends Brought {
  readonly kind: 'held';
  readonly bytes: Gathered;
  /** Where they go, if the stage knew. */
  readonly offset: number | null;
  readonly length: number;
  readonly crc: number;
}

/** In a part of its own. */
export interface Spilled extends Brought {
  readonly kind: 'spilled';
  readonly part: string;
  readonly offset: number | null;
  readonly length: number;
  readonly crc: number;
}

/** Where staged bytes rest until they are accepted. */
export type Rest = Placed | Held | Spilled;

/** What the engine knows of staged bytes, apart from what it tells. */
export class StagedChunk implements Staged {
  readonly upload: string | null;
  readonly length: number;
  readonly digests: Declared;
  readonly cut: boolean;
  /** null once accepted or dropped. */
  #rest: Rest | null;

  constructor(upload: string | null, rest: Rest, { digests, cut }: { digests: Declared; cut: boolean }) {
    this.upload = upload;
    this.length = rest.kind === 'placed' ? rest.committed + rest.length : rest.length;
    this.digests = digests;
    this.cut = cut;
    this.#rest = rest;
  }

  /** Hands the bytes over, once. */
  take(): Rest | null {
    const rest = this.#rest;
    this.#rest = null;
    return rest;
  }
}

/** Drops staged bytes (see `Engine.discard`). */
export const discard = async (core: Core, staged: StagedChunk): Promise<void> => {
  const rest = staged.take();
  if (rest?.kind === 'held') core.held.give(rest.bytes.release());
  else if (rest?.kind === 'spilled') await core.store.remove({ kind: 'part', name: rest.part });
  // Bytes in place stay where they are: nobody counts them, and the next chunk there overwrites them.
  else if (rest?.kind === 'placed') await core.leases.release(rest.lease);
};
