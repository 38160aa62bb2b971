import { createHash } from 'node:crypto';
import { type FactReader, type Facts, shelf } from '../../engine/ports.js';
import { isRefusal } from '../../engine/refusals.js';
import { listOverdue, timedKey } from '../../engine/timed.js';
import type { Upload } from '../../engine/upload.js';
import type { FinishSpec, Staged } from '../../engine/verbs.js';
import { newUuid } from '../../kit/guids.js';
import type { Ids } from '../../kit/ids.js';
import type { Caller } from '../../services/accounts/accounts.js';
import type { Sweep } from '../../services/janitor/janitor.js';
import type { Host } from '../dialect.js';
import { dialectName } from './address.js';
import { no } from './codes.js';
import { freeUnused, hold, release } from './faxes/holds.js';
import type { InterfaxOptions } from './options.js';

/** A session that has had its last chunk and waits for its fax. */
export interface ClosedSession {
  readonly owner: string;
  readonly object: string;
  readonly size: number;
  /** ms since 1970. */
  readonly expiresAt: number;
}

/** By the id of their uploads; gone when they are faxed, cancelled or over. */
const closedShelf = shelf<ClosedSession>('interfax/session');
/** When to look at which: `<ordered ms>/<upload>`. */
const dueShelf = shelf<null>('interfax/session-due');
/** What holds a closed session's bytes. */
const holder = 'session';
const batch = 200;

/** A new session id: two random GUIDs (version 4) without hyphens, upper case (specs/interfax.md §2.1). */
export const newSessionId = (ids: Ids): string => (newUuid(ids) + newUuid(ids)).toUpperCase();

/** The id of a session's upload: whoever sees it, in a log or the ledger, does not know the session's, which is a password. */
export const uploadOf = (sessionId: string): string =>
  createHash('sha256').update(sessionId.trim().toUpperCase()).digest('hex');

/** Upload sessions (§2.4): open ones are uploads of the engine, closed ones are finished uploads that are due to be faxed once. */
export interface Sessions {
  /** Begins a session; gives its id. `from`: address of the client. */
  open(caller: Caller, from: string): Promise<string>;
  /** The upload of an open session. Refuses -1062. */
  needOpen(sessionId: string): Promise<Upload>;
  /** Adds a chunk; gives the bytes so far. Refuses -1062 and -1063. */
  append(session: Upload, chunk: Staged, isLast: boolean): Promise<number>;
  /** Ends a session and drops its bytes. Refuses -1062 for one that there is not, or no longer. */
  cancel(sessionId: string): Promise<void>;
  /** Closes a session whose last chunk was kept by a process that died before it could. Nothing for any other. */
  settle(sessionId: string): Promise<void>;
  /** The account's own closed session. Refuses -1062. */
  needClosed(facts: FactReader, sessionId: string, owner: string): Promise<ClosedSession>;
  /** Ends a closed session whose bytes are held by a fax from now on. */
  consume(facts: Facts, sessionId: string): Promise<void>;
  readonly sweep: Sweep;
}

interface LastChunk {
  readonly length: number;
  readonly crc: string;
}

const isRepeat = ({ metadata }: Upload, { length, crc }: LastChunk): boolean =>
  JSON.stringify(metadata) === JSON.stringify({ length, crc });

/** Opens the sessions that rest in the host's engine and ledger. */
export const openSessions = (host: Host, options: Pick<InterfaxOptions, 'sessionLife' | 'maxUpload'>): Sessions => {
  const { engine, ledger, clock, ids, log, quota } = host;
  const { sessionLife } = options;

  /** Written down with the finish of a session's upload. */
  const close: NonNullable<FinishSpec['record']> = async (facts, { id, object, owner, received }) => {
    if (object === null) throw new Error(`upload ${id} finished without bytes`);
    const expiresAt = clock.now() + sessionLife;
    closedShelf.put(facts, id, { owner, object, size: received, expiresAt });
    dueShelf.put(facts, timedKey(expiresAt, id), null);
    hold(facts, object, holder);
    return null;
  };

  const end = async (facts: Facts, id: string, { object }: ClosedSession): Promise<void> => {
    closedShelf.delete(facts, id);
    await release(facts, object, holder);
  };

  const isLive = ({ expiry }: Upload): boolean => expiry === null || expiry.at > clock.now();

  const find = async (sessionId: string): Promise<Upload | undefined> => {
    const upload = await engine.find(uploadOf(sessionId));
    return upload?.dialect === dialectName ? upload : undefined;
  };

  return {
    open: async (caller, from) => {
      caller.need('upload');
      const sessionId = newSessionId(ids);
      await engine.open({
        id: uploadOf(sessionId),
        dialect: dialectName,
        owner: caller.account.name,
        maxSize: options.maxUpload,
        expiry: { at: clock.now() + sessionLife, sliding: sessionLife },
        quota: quota.limit(caller.account),
        from,
      });
      return sessionId;
    },
    needOpen: async (sessionId) => {
      const upload = await find(sessionId);
      if (upload?.state !== 'open' || !isLive(upload)) throw no('wrongSession');
      return upload;
    },
    append: async (session, chunk, isLast) => {
      const last: LastChunk = { length: chunk.length, crc: chunk.digests.crc32 ?? '' };
      const { upload } = await engine.accept(chunk, {
        upload: session.id,
        offset: 'end',
        metadata: { ...last },
        ...(isLast && { last: true, finish: { record: close } }),
      });
      // The protocol has no offsets, so a chunk that came twice is in the file twice (specs/interfax.md §2.2).
      if (isRepeat(session, last))
        log.warn(
          { upload: session.id, bytes: chunk.length, total: upload.received },
          'two chunks of a session, one after the other, are equal: the second may be a repeat of the first',
        );
      return upload.received;
    },
    cancel: async (sessionId) => {
      const upload = await find(sessionId);
      if (!upload) throw no('wrongSession');
      if (upload.state === 'open' || upload.state === 'sealed') {
        if (!isLive(upload)) throw no('wrongSession');
        await engine.cancel(upload.id);
        return;
      }
      await ledger.transact(async (facts) => {
        const session = await closedShelf.get(facts, upload.id);
        if (!session || session.expiresAt <= clock.now()) throw no('wrongSession');
        await end(facts, upload.id, session);
      });
      await freeUnused(host);
    },
    settle: async (sessionId) => {
      const upload = await find(sessionId);
      if (upload?.state !== 'sealed' || !isLive(upload)) return;
      await engine.finish(upload.id, { record: close }).catch((error: unknown) => {
        if (!isRefusal(error)) throw error;
      });
    },
    needClosed: async (facts, sessionId, owner) => {
      const session = await closedShelf.get(facts, uploadOf(sessionId));
      if (session?.owner !== owner || session.expiresAt <= clock.now()) throw no('wrongSession');
      return session;
    },
    consume: async (facts, sessionId) => {
      const id = uploadOf(sessionId);
      const session = await closedShelf.get(facts, id);
      if (session) await end(facts, id, session);
    },
    sweep: {
      name: 'InterFAX upload sessions',
      run: () =>
        ledger.transact(async (facts) => {
          const overdue = await listOverdue(facts, dueShelf, { now: clock.now(), limit: batch });
          for (const { key, id } of overdue) {
            dueShelf.delete(facts, key);
            const session = await closedShelf.get(facts, id);
            if (session) await end(facts, id, session);
          }
          return overdue.length === batch;
        }),
    },
  };
};
