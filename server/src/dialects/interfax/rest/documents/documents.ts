import type { FactReader, Facts } from '../../../../engine/ports.js';
import type { Upload } from '../../../../engine/upload.js';
import { newUuid } from '../../../../kit/guids.js';
import type { Caller } from '../../../../services/accounts/accounts.js';
import type { Sweep } from '../../../../services/janitor/janitor.js';
import type { Host } from '../../../dialect.js';
import { dialectName } from '../../address.js';
import { no } from '../../codes.js';
import { freeUnused } from '../../faxes/holds.js';
import { ownerKey } from '../../faxes/records.js';
import type { InterfaxOptions } from '../../options.js';
import {
  type Disposition,
  type DocumentRecord,
  documentShelf,
  enterDocument,
  ownDocumentShelf,
  removeDocument,
  type Sharing,
} from './records.js';
import { sweepDocuments } from './sweep.js';

/** A document as it is now. */
export interface UploadedDocument extends DocumentRecord {
  readonly id: string;
  /** Bytes that are there. */
  readonly received: number;
  /** The upload that brings it; null once it is there. */
  readonly upload: Upload | null;
}

/** What a document is to be. */
export interface DocumentSpec {
  readonly name: string;
  readonly type: string;
  /** Bytes, at least 1. */
  readonly size: number;
  readonly disposition: Disposition;
  readonly sharing: Sharing;
}

/** A document's bytes, for a fax. */
export interface ReadyDocument {
  readonly object: string;
  readonly size: number;
  readonly type: string;
}

/** Documents that are uploaded by REST (specs/interfax.md §11), all in the ledger and the engine. */
export interface Documents {
  /** Enters a document; gives its id. Refuses as the engine's `open` does. `from`: address of the client. */
  create(caller: Caller, spec: DocumentSpec, from: string): Promise<string>;
  /** A document of the account's own. Refuses -1062. */
  needOwn(id: string, owner: string): Promise<UploadedDocument>;
  /** A document that the account may see: its own, or one that is shared. Refuses -1062. */
  need(id: string, account: string): Promise<UploadedDocument>;
  /** An account's own, the newest first. */
  list(owner: string, page: { limit: number; offset: number }): Promise<UploadedDocument[]>;
  /** Removes a document, whole or not. */
  remove(document: UploadedDocument): Promise<void>;
  /** A document that is ready and that the account may fax. Refuses -1062. */
  needReady(facts: FactReader, id: string, account: string): Promise<ReadyDocument>;
  /** Notes that a ready document was faxed: one for a single use is gone. */
  use(facts: Facts, id: string): Promise<void>;
  readonly sweep: Sweep;
}

/** When a document that is used, or complete, at `now` is to go. */
export const expiryOf = ({ disposition }: Pick<DocumentRecord, 'disposition'>, now: number, life: number): number =>
  disposition === 'Permanent' ? Number.MAX_SAFE_INTEGER : now + life;

/** How many documents one piece of listing reads. */
const pageSize = 100;

const mayUse = ({ owner, sharing }: DocumentRecord, account: string): boolean =>
  owner === account || sharing === 'Shared';

/** Opens the documents that rest in the host's engine and ledger. */
export const openDocuments = (host: Host, options: Pick<InterfaxOptions, 'sessionLife'>): Documents => {
  const { engine, ledger, clock, ids, quota } = host;
  const { sessionLife } = options;

  /** The document as it is now; nothing where its time is over. */
  const standing = async (id: string, record: DocumentRecord): Promise<UploadedDocument | undefined> => {
    if (record.object !== null)
      return (record.expiresAt ?? 0) > clock.now() ? { ...record, id, received: record.size, upload: null } : undefined;
    const upload = await engine.find(id);
    if (upload?.state !== 'open' || (upload.expiry && upload.expiry.at <= clock.now())) return undefined;
    return { ...record, id, received: upload.received, upload };
  };

  const find = async (id: string): Promise<UploadedDocument | undefined> => {
    if (!/^[0-9a-f]{32}$/.test(id)) return undefined;
    const record = await ledger.read((facts) => documentShelf.get(facts, id));
    return record && standing(id, record);
  };

  return {
    create: async (caller, spec, from) => {
      caller.need('upload');
      const now = clock.now();
      const owner = caller.account.name;
      const expiry = { at: now + sessionLife, sliding: sessionLife };
      const { id } = await engine.open({
        id: newUuid(ids),
        dialect: dialectName,
        owner,
        size: spec.size,
        metadata: { name: spec.name },
        expiry,
        quota: quota.limit(caller.account),
        from,
      });
      const record = { ...spec, owner, createdAt: now, usedAt: now, object: null, expiresAt: null };
      await ledger.transact(async (facts) => enterDocument(facts, id, record, expiry.at));
      return id;
    },
    needOwn: async (id, owner) => {
      const document = await find(id);
      if (document?.owner !== owner) throw no('wrongSession');
      return document;
    },
    need: async (id, account) => {
      const document = await find(id);
      if (!document || !mayUse(document, account)) throw no('wrongSession');
      return document;
    },
    list: async (owner, { limit, offset }) => {
      const within = `${ownerKey(owner)}/`;
      const found: UploadedDocument[] = [];
      let after: string | undefined;
      while (found.length < offset + limit) {
        const page = { within, reverse: true, limit: pageSize, ...(after !== undefined && { after }) };
        const records = await ledger.read(async (facts) => {
          const keys = await ownDocumentShelf.list(facts, page);
          after = keys.at(-1)?.id;
          return Promise.all(
            keys.map(async ({ id: key }) => {
              const id = key.slice(key.lastIndexOf('/') + 1);
              return { id, record: await documentShelf.get(facts, id) };
            }),
          );
        });
        for (const { id, record } of records) {
          const document = record && (await standing(id, record));
          if (document) found.push(document);
        }
        if (records.length < pageSize) break;
      }
      return found.slice(offset, offset + limit);
    },
    remove: async ({ id, upload }) => {
      await ledger.transact(async (facts) => {
        const record = await documentShelf.get(facts, id);
        if (record) await removeDocument(facts, id, record);
      });
      if (upload) await engine.cancel(id);
      else await freeUnused(host);
    },
    needReady: async (facts, id, account) => {
      const record = await documentShelf.get(facts, id);
      if (!record || record.object === null || !mayUse(record, account)) throw no('wrongSession');
      if ((record.expiresAt ?? 0) <= clock.now()) throw no('wrongSession');
      return { object: record.object, size: record.size, type: record.type };
    },
    use: async (facts, id) => {
      const record = await documentShelf.get(facts, id);
      if (!record) return;
      if (record.disposition === 'SingleUse') return removeDocument(facts, id, record);
      const now = clock.now();
      documentShelf.put(facts, id, { ...record, usedAt: now, expiresAt: expiryOf(record, now, sessionLife) });
    },
    sweep: { name: 'InterFAX documents', run: () => sweepDocuments(host) },
  };
};
