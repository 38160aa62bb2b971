import type { ByteBudget } from '../kit/budget.js';
import type { Clock } from '../kit/clock.js';
import type { Ids } from '../kit/ids.js';
import type { Log } from '../kit/log.js';
import type { Pages } from '../kit/pages.js';
import type { Range } from '../kit/ranges.js';
import type { Algorithm, Declared } from './digests.js';
import type { EventKind, UploadEvent } from './events.js';
import type { Followers } from './followers.js';
import type { Leases } from './leases.js';
import type { EngineOptions } from './options.js';
import type { Ledger, Store } from './ports.js';
import { toUpload, type UploadRecord } from './records.js';

/** What the engine's files share. */
export interface Core {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Sizes in bytes, times in ms. */
  readonly limits: EngineOptions;
  readonly flow: ByteBudget;
  readonly held: ByteBudget;
  /** What bytes of both budgets are gathered in. */
  readonly pages: Pages;
  readonly leases: Leases;
  readonly followers: Followers;
  /** Uploads whose bytes this process knows to be where they should be. */
  readonly settled: Set<string>;
  /** Tells listeners of something that is durable by now. */
  announce(event: UploadEvent): void;
}

/** Tells listeners what happened to an upload; `from`: the address of the client that had it happen. */
export const tell = (
  core: Core,
  kind: EventKind,
  id: string,
  record: UploadRecord,
  { bytes = 0, from }: { bytes?: number; from?: string | null | undefined } = {},
): void => core.announce({ kind, at: core.clock.now(), upload: toUpload(id, record), bytes, from: from ?? null });

/** The digests to follow for an upload, CRC32 apart, which its ranges carry. */
export const followedBy = (record: { follow: readonly Algorithm[]; declared: Declared }): Algorithm[] => {
  const declared = Object.keys(record.declared) as Algorithm[];
  return [...new Set([...record.follow, ...declared])].filter((algorithm) => algorithm !== 'crc32').sort();
};

/** Reads an upload's part. */
export const readPart =
  (core: Core, id: string) =>
  (from: number, to: number): AsyncIterable<Uint8Array> =>
    core.store.read({ kind: 'part', name: id }, { start: from, end: to });

/** Copies a range of one part into another, a batch at a time. */
export const copyPart = async (
  core: Core,
  {
    from,
    range,
    to,
    at,
    see,
  }: { from: string; range: Range; to: string; at: number; see?: (bytes: Uint8Array) => void },
): Promise<void> => {
  let position = at;
  for await (const bytes of core.store.read({ kind: 'part', name: from }, range)) {
    see?.(bytes);
    await core.store.write(to, position, [bytes]);
    position += bytes.length;
  }
};
