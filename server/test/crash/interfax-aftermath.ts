import { expect } from 'vitest';
import type { Data } from '../../src/app/data.js';
import { type BatchRecord, batchShelf } from '../../src/dialects/interfax/faxes/records.js';
import { type Finished, sha1 } from './site.js';

const digestOf = async ({ engine }: Data, { documents }: BatchRecord): Promise<string> => {
  const pieces: Uint8Array[] = [];
  for (const { object, offset, length } of documents)
    for await (const piece of engine.readObject(object, { start: offset, end: offset + length })) pieces.push(piece);
  return sha1(Buffer.concat(pieces));
};

/** Every fax that a client was told of is there, once and whole, and no other. */
export const checkFaxes = async (data: Data, faxes: readonly Finished[]): Promise<void> => {
  const batches = await data.ledger.read((facts) => batchShelf.list(facts));
  const digests = await Promise.all(
    batches.map(async ({ id, value }) => [Number(id), value.settings.subject, await digestOf(data, value)]),
  );
  const wanted = faxes.map(({ contentId = 0, name, content }) => [contentId, name, sha1(content)] as const);
  expect(digests).toEqual(wanted.toSorted(([one], [other]) => one - other));
};
