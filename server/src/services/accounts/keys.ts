import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type FactReader, type Facts, shelf } from '../../engine/ports.js';
import type { Ids } from '../../kit/ids.js';

/** An API key as the ledger keeps it. */
export interface KeyRecord {
  /** The key of the account's name. */
  readonly account: string;
  readonly label: string;
  readonly createdAt: number;
  /** SHA-256 of the whole secret, hex. It has 192 random bits, so it needs no slow hash. */
  readonly digest: string;
}

const keyShelf = shelf<KeyRecord>('account-key');
/** `<account>/<key id>`: which keys an account has. */
const ownerShelf = shelf<null>('account-keys');

const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Does this text look like one of our API keys? */
export const isKey = (text: string): boolean => keyIdOf(text) !== undefined;

/** The id of the API key that a secret says it is of; nothing where it does not look like one. */
export const keyIdOf = (secret: string): string | undefined => /^lsk_([0-9a-z]{1,64})_[0-9a-f]{48}$/.exec(secret)?.[1];

/** Adds an API key within a transaction; of its secret only a digest is kept. */
export const putKey = (
  facts: Facts,
  { id, secret, ...about }: { id: string; secret: string } & Omit<KeyRecord, 'digest'>,
): void => {
  keyShelf.put(facts, id, { ...about, digest: digestOf(secret).toString('hex') });
  ownerShelf.put(facts, `${about.account}/${id}`, null);
};

/** A new API key: an id, and a secret that holds the id. */
export const newKey = (ids: Ids): { id: string; secret: string } => {
  const id = ids.next();
  return { id, secret: `lsk_${id}_${randomBytes(24).toString('hex')}` };
};

/** The record of the API key with this secret, if there is one. */
export const keyBySecret = async (facts: FactReader, secret: string): Promise<KeyRecord | undefined> => {
  const id = keyIdOf(secret);
  const record = id === undefined ? undefined : await keyShelf.get(facts, id);
  if (!record) return undefined;
  return timingSafeEqual(digestOf(secret), Buffer.from(record.digest, 'hex')) ? record : undefined;
};

/** The API keys of an account, in the order of their ids. */
export const keysOf = async (facts: FactReader, account: string): Promise<(KeyRecord & { id: string })[]> => {
  const found: (KeyRecord & { id: string })[] = [];
  for (const { id: path } of await ownerShelf.list(facts, { within: `${account}/` })) {
    const id = path.slice(account.length + 1);
    const record = await keyShelf.get(facts, id);
    if (record) found.push({ id, ...record });
  }
  return found;
};

/** Most API keys of one account: whoever has one could make others without end. */
export const mostKeys = 1000;

/** Has an account as many API keys as it may have? */
export const hasEnough = async (facts: FactReader, account: string): Promise<boolean> =>
  (await ownerShelf.list(facts, { within: `${account}/`, limit: mostKeys })).length === mostKeys;

/** Removes an API key within a transaction; no such key is no error. */
export const dropKey = async (facts: Facts, id: string): Promise<void> => {
  const record = await keyShelf.get(facts, id);
  if (!record) return;
  keyShelf.delete(facts, id);
  ownerShelf.delete(facts, `${record.account}/${id}`);
};

/** Is there an API key of this id? */
export const isKept = async (facts: FactReader, id: string): Promise<boolean> =>
  (await keyShelf.get(facts, id)) !== undefined;
