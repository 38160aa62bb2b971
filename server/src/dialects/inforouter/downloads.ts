import { shelf } from '../../engine/ports.js';
import { newDigits } from '../../kit/guids.js';
import type { Range } from '../../kit/ranges.js';
import type { Caller } from '../../services/accounts/accounts.js';
import { type Expiring, expiringShelf } from '../../services/expiring/shelf.js';
import type { Sweep } from '../../services/janitor/janitor.js';
import type { Host } from '../dialect.js';
import type { Context } from './context.js';
import type { Guid } from './guids.js';
import { measure } from './handlers.js';
import { type Document, type DocumentVersion, versionOf } from './library/document.js';

/** Which bytes a download handler stands for, and whose it is. */
export interface Download extends Expiring {
  /** The account's name. */
  readonly account: string;
  /** The document's id, and the packed number of its version. */
  readonly document: number;
  readonly version: number;
}

const downloadShelf = shelf<Download>('inforouter/download');
const dueShelf = shelf<null>('inforouter/download-due');

/** Download handlers: a version of a document, told by a GUID (specs/inforouter.md §7). They end when nobody reads for a time. */
export interface Downloads {
  open(caller: Caller, document: number, version: number): Promise<Guid>;
  /** The caller's own handler; a stranger's is one that is not there. */
  find(caller: Caller, guid: Guid): Promise<Download | undefined>;
  /** Begins a handler's time anew. Written down once a minute at most. */
  prolong(guid: Guid, download: Download): Promise<void>;
  /** Ends the caller's own handler. No such handler is no error. */
  end(caller: Caller, guid: Guid): Promise<void>;
  readonly sweep: Sweep;
}

/** Opens the download handlers that rest in the host's ledger. `life`: ms. */
export const openDownloads = ({ ledger, clock, ids }: Host, life: number): Downloads => {
  const shelf = expiringShelf(downloadShelf, dueShelf, clock);

  const find = async ({ account }: Caller, guid: Guid): Promise<Download | undefined> => {
    const download = await ledger.read((facts) => shelf.find(facts, guid));
    return download?.account === account.name ? download : undefined;
  };

  return {
    find,
    open: async ({ account }, document, version) => {
      const guid = newDigits(ids);
      const download = { account: account.name, document, version, expiresAt: clock.now() + life };
      await ledger.transact(async (facts) => shelf.add(facts, guid, download), 'relaxed');
      return guid;
    },
    prolong: (guid, download) => shelf.keepAlive(ledger, guid, download, life),
    end: async (caller, guid) => {
      if (await find(caller, guid)) await ledger.transact(async (facts) => shelf.delete(facts, guid));
    },
    sweep: { name: 'infoRouter download handlers', run: () => shelf.sweep(ledger) },
  };
};

/** A version, and the document it is of. */
export interface Found {
  readonly document: Document;
  readonly version: DocumentVersion;
}

/** A version of a document that the caller may read: by its packed number, or 0 (see `versionOf`). */
export const findVersion = async (
  { host, library, caller }: Pick<Context, 'host' | 'library' | 'caller'>,
  path: string,
  number: number,
): Promise<Found> => {
  caller.need('view');
  const document = await host.ledger.read((facts) => library.needDocument(facts, path));
  return { document, version: versionOf(document, number) };
};

/**
 * The CRC-32 of a stretch of a version's bytes. It goes out before them, so they are read for it; only that of the whole is
 * known.
 */
export const crcOf = async (host: Host, version: DocumentVersion, { start, end }: Range): Promise<string> => {
  if (start === 0 && end === version.size && version.digests.crc32 !== undefined) return version.digests.crc32;
  return (await measure(host.engine.readObject(version.object, { start, end }))).crc;
};
