import { type Facts, ordered, shelf } from '../../../../engine/ports.js';
import { timedKey } from '../../../../engine/timed.js';
import { hold, release } from '../../faxes/holds.js';
import { ownerKey } from '../../faxes/records.js';

export const dispositions = ['SingleUse', 'MultiUse', 'Permanent'] as const;
export type Disposition = (typeof dispositions)[number];

export const sharings = ['Private', 'Shared'] as const;
export type Sharing = (typeof sharings)[number];

/** A document that is uploaded to be faxed; its bytes are those of the upload with its id. */
export interface DocumentRecord {
  readonly owner: string;
  readonly name: string;
  /** A file's ending, lower case. */
  readonly type: string;
  /** Bytes it has, or is to have. */
  readonly size: number;
  readonly disposition: Disposition;
  readonly sharing: Sharing;
  /** ms since 1970. */
  readonly createdAt: number;
  readonly usedAt: number;
  /** Its bytes, once they are all there. */
  readonly object: string | null;
  /** ms since 1970; null while it is being uploaded: then as its upload. */
  readonly expiresAt: number | null;
}

export const documentShelf = shelf<DocumentRecord>('interfax/document');
/** `<owner>/<ordered ms>/<document>`: an owner's, in the order in which they were made. */
export const ownDocumentShelf = shelf<null>('interfax/own-document');
/** When to look at which: `<ordered ms>/<document>`. */
export const documentDueShelf = shelf<null>('interfax/document-due');

/** What holds a document's bytes until it is used up. */
const holder = 'document';

const ownKey = (id: string, { owner, createdAt }: DocumentRecord): string =>
  `${ownerKey(owner)}/${ordered(createdAt)}/${id}`;

/** Notes when to look whether a document is still there. */
export const noteDue = (facts: Facts, id: string, at: number): void =>
  documentDueShelf.put(facts, timedKey(at, id), null);

/** Enters a document that is to be uploaded, and to be looked at again at `due`. */
export const enterDocument = (facts: Facts, id: string, record: DocumentRecord, due: number): void => {
  documentShelf.put(facts, id, record);
  ownDocumentShelf.put(facts, ownKey(id, record), null);
  noteDue(facts, id, due);
};

/** Notes that all bytes of a document are there, in this object. */
export const completeDocument = (
  facts: Facts,
  id: string,
  record: DocumentRecord & { readonly object: string; readonly expiresAt: number },
): void => {
  documentShelf.put(facts, id, record);
  hold(facts, record.object, holder);
  noteDue(facts, id, record.expiresAt);
};

/** Removes a document. Its bytes go unless a fax holds them. */
export const removeDocument = async (facts: Facts, id: string, record: DocumentRecord): Promise<void> => {
  documentShelf.delete(facts, id);
  ownDocumentShelf.delete(facts, ownKey(id, record));
  if (record.object !== null) await release(facts, record.object, holder);
};
