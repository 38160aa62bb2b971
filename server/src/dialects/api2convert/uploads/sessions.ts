import { createHash } from 'node:crypto';
import type { Facts } from '../../../engine/ports.js';
import { type FactReader, shelf } from '../../../engine/ports.js';
import { isRefusal } from '../../../engine/refusals.js';
import type { Parts } from '../context.js';

/** Where a file's name came from; the later in this list, the better (specs/api2convert.md §10). */
export const nameRanks = ['none', 'chunk', 'header', 'first'] as const;

/** An upload that its client gave a uuid: in chunks, or whole. */
export interface Session {
  /** The input that it becomes; fixed from the first chunk on. */
  readonly input: string;
  readonly upload: string;
  /** Bytes. */
  readonly total: number;
  readonly name: string | null;
  readonly nameRank: (typeof nameRanks)[number];
  /** The client's word for the media type. */
  readonly type: string | null;
  readonly password: string | null;
  /** MD5 of the whole, hex, once it is an input. */
  readonly md5: string | null;
}

/** `<job>/<digest of the uuid>`. */
const sessionShelf = shelf<Session>('api2convert/upload');

const keyOf = (job: string, uuid: string): string =>
  `${job}/${createHash('sha256').update(uuid).digest('hex').slice(0, 40)}`;

export const getSession = (facts: FactReader, job: string, uuid: string): Promise<Session | undefined> =>
  sessionShelf.get(facts, keyOf(job, uuid));

export const putSession = (facts: Facts, job: string, uuid: string, session: Session): void =>
  sessionShelf.put(facts, keyOf(job, uuid), session);

export const dropSession = (facts: Facts, job: string, uuid: string): void =>
  sessionShelf.delete(facts, keyOf(job, uuid));

/** All sessions of a job. */
export const sessionsOf = async (facts: FactReader, job: string): Promise<Session[]> =>
  (await sessionShelf.list(facts, { within: `${job}/` })).map(({ value }) => value);

/** Removes all sessions of a job, or those that are not inputs yet; gives what was removed. */
export const clearSessions = async (facts: Facts, job: string, which: 'all' | 'open'): Promise<Session[]> => {
  const found = await sessionShelf.list(facts, { within: `${job}/` });
  const cleared = found.filter(({ value }) => which === 'all' || value.md5 === null);
  for (const { id } of cleared) sessionShelf.delete(facts, id);
  return cleared.map(({ value }) => value);
};

/** Ends an upload, if it is still one. */
export const endUpload = async ({ host }: Parts, id: string): Promise<void> => {
  try {
    await host.engine.cancel(id);
  } catch (error) {
    if (!isRefusal(error, 'not-open') && !isRefusal(error, 'no-such-upload')) throw error;
  }
};

/** Ends the uploads of a job that are not inputs yet: it takes none any more. */
export const dropOpenUploads = async (parts: Parts, job: string): Promise<void> => {
  const { ledger } = parts.host;
  const isOpen = await ledger.read(async (facts) => (await sessionsOf(facts, job)).some(({ md5 }) => md5 === null));
  if (!isOpen) return;
  for (const { upload } of await ledger.transact((facts) => clearSessions(facts, job, 'open')))
    await endUpload(parts, upload);
};
