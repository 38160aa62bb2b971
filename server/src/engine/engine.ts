import { byteBudget } from '../kit/budget.js';
import type { Clock } from '../kit/clock.js';
import type { Ids } from '../kit/ids.js';
import { type Log, silentLog } from '../kit/log.js';
import { defaultsOf } from '../kit/options.js';
import { openPages } from '../kit/pages.js';
import type { Presence } from '../kit/presence.js';
import { accept } from './accepting.js';
import type { Core } from './core.js';
import { cancel, expire, reset } from './ending.js';
import type { UploadEvent } from './events.js';
import { finish } from './finishing.js';
import { openFollowers } from './followers.js';
import {
  amendGroup,
  cancelGroup,
  expireGroups,
  finishGroup,
  forgetGroup,
  listGroups,
  lookGroup,
  openGroup,
} from './groups.js';
import { concat, join } from './joining.js';
import { openLeases } from './leases.js';
import { forget, list, ranges, read, readObject } from './looking.js';
import { amend, open } from './opening.js';
import { type EngineOptions, engineOptions } from './options.js';
import { readOutbox } from './outbox.js';
import type { Ledger, Store } from './ports.js';
import { needUpload, toUpload, uploadShelf } from './records.js';
import { Refusal } from './refusals.js';
import { discard, StagedChunk } from './staged.js';
import { stage } from './staging.js';
import type { Engine } from './verbs.js';

/** What an engine is made of. */
export interface EngineParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly ids: Ids;
  /** How processes that share the ledger see whether one of them died. */
  readonly presence: Presence;
  readonly log?: Log;
  readonly limits?: Partial<EngineOptions>;
}

/** How long clients are asked to stay away while the server stops, s. */
const drainPause = 5;

/** As much as a socket gives at once. */
const pageBytes = 64 * 1024;

/** Puts an engine over a store and a ledger. */
export const createEngine = (parts: EngineParts): Engine & { close(): Promise<void> } => {
  const { store, ledger, clock, ids, presence, log = silentLog } = parts;
  const limits = { ...defaultsOf(engineOptions), ...parts.limits };
  const listeners = new Set<(event: UploadEvent) => void>();
  const settled = new Set<string>();
  const core: Core = {
    store,
    ledger,
    clock,
    ids,
    log,
    limits,
    flow: byteBudget(limits.flowBytes),
    held: byteBudget(limits.heldBytes),
    pages: openPages({ size: pageBytes, kept: Math.ceil((limits.flowBytes + limits.heldBytes) / pageBytes) }),
    leases: openLeases({
      ledger,
      clock,
      presence,
      self: ids.next(),
      patience: limits.patienceMs,
      abandoned: (upload) => settled.delete(upload),
    }),
    followers: openFollowers(),
    settled,
    announce: (event) => {
      for (const hear of listeners)
        try {
          hear(event);
        } catch (error) {
          log.error({ err: error, event: event.kind }, 'a listener failed');
        }
    },
  };

  let draining = false;
  let running = 0;
  let idle: (() => void) | null = null;

  /** Counts what runs, so that a drain can wait for it. */
  const during = async <T>(work: () => Promise<T>): Promise<T> => {
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      if (running === 0) idle?.();
    }
  };
  const unlessDraining = <T>(work: () => Promise<T>): Promise<T> => {
    if (draining) return Promise.reject(new Refusal('draining', { retryAfterSeconds: drainPause }));
    return during(work);
  };

  return {
    open: (spec) => unlessDraining(() => open(core, spec)),
    look: async (id, { settle = false } = {}) => {
      if (settle) await core.leases.settle(id);
      return toUpload(id, await ledger.read((facts) => needUpload(facts, id)));
    },
    find: async (id) => {
      const record = await ledger.read((facts) => uploadShelf.get(facts, id));
      return record && toUpload(id, record);
    },
    ranges: (id) => ranges(core, id),
    list: (query = {}) => list(core, query),
    amend: async (id, changes) => toUpload(id, await during(() => amend(core, id, changes))),
    stage: (body, spec) => unlessDraining(() => stage(core, body, spec)),
    accept: (staged, spec = {}) => during(() => accept(core, staged, spec)),
    discard: async (staged) => {
      if (staged instanceof StagedChunk) await discard(core, staged);
    },
    finish: async (id, spec = {}) => toUpload(id, await during(() => finish(core, id, spec))),
    cancel: async (id) => toUpload(id, await during(() => cancel(core, id))),
    reset: async (id, how) => toUpload(id, await during(() => reset(core, id, how))),
    forget: (id, { withBytes = false } = {}) => during(() => forget(core, id, withBytes)),
    concat: (ids, spec) => unlessDraining(() => concat(core, ids, spec)),
    join: (id, spec) => during(() => join(core, id, spec)),
    read: (upload, range) => read(core, upload, range),
    readObject: (object, range) => readObject(core, object, range),
    openGroup: (spec) => unlessDraining(() => openGroup(core, spec)),
    lookGroup: (id) => lookGroup(core, id),
    amendGroup: (id, changes) => during(() => amendGroup(core, id, changes)),
    listGroups: (query = {}) => listGroups(core, query),
    finishGroup: (id, spec = {}) => during(() => finishGroup(core, id, spec)),
    cancelGroup: (id) => during(() => cancelGroup(core, id)),
    forgetGroup: (id) => during(() => forgetGroup(core, id)),
    expire: (limit = 1_000) => during(async () => (await expire(core, limit)) + (await expireGroups(core, limit))),
    listen: (hear) => {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    outbox: (after, limit = 100) => readOutbox(core, after, limit),
    drain: async () => {
      draining = true;
      if (running > 0)
        await new Promise<void>((resolve) => {
          idle = resolve;
        });
    },
    close: async () => {
      await core.followers.close();
      await core.leases.close();
    },
  };
};
