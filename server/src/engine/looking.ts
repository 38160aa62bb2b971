import type { Range, Ranges } from '../kit/ranges.js';
import type { Core } from './core.js';
import { coverage } from './coverage.js';
import type { FactReader } from './ports.js';
import {
  dueShelf,
  endedShelf,
  groupShelf,
  needUpload,
  objectShelf,
  toUpload,
  type UploadRecord,
  uploadShelf,
} from './records.js';
import { Refusal } from './refusals.js';
import { readTimed, timedKey } from './timed.js';
import type { Upload } from './upload.js';
import { dropHeld } from './usage.js';
import type { UploadQuery } from './verbs.js';

/** How many records are read at once while looking for those that match. */
const pageSize = 200;

const matches = (record: UploadRecord, query: UploadQuery): boolean =>
  (query.owner === undefined || record.owner === query.owner) &&
  (query.dialect === undefined || record.dialect === query.dialect) &&
  (query.group === undefined || record.group === query.group) &&
  (query.states === undefined || query.states.includes(record.state));

const listEnded = async (facts: FactReader, before: number, query: UploadQuery): Promise<Upload[]> => {
  const found: Upload[] = [];
  const limit = query.limit ?? Number.POSITIVE_INFINITY;
  let after: string | undefined;
  while (found.length < limit) {
    const page = await endedShelf.list(facts, { limit: pageSize, ...(after !== undefined && { after }) });
    for (const { id: key } of page) {
      const { at, id } = readTimed(key);
      if (at >= before) return found;
      const record = await uploadShelf.get(facts, id);
      if (record && matches(record, query) && found.length < limit) found.push(toUpload(id, record));
    }
    if (page.length < pageSize) return found;
    after = page.at(-1)?.id;
  }
  return found;
};

const listGroup = async (facts: FactReader, group: string, query: UploadQuery): Promise<Upload[]> => {
  const uploads = (await groupShelf.get(facts, group))?.uploads ?? [];
  const found: Upload[] = [];
  for (const id of uploads.slice(query.after === undefined ? 0 : uploads.indexOf(query.after) + 1)) {
    const record = await uploadShelf.get(facts, id);
    if (record && matches(record, query)) found.push(toUpload(id, record));
    if (found.length === query.limit) break;
  }
  return found;
};

/** Uploads that match (see `Engine.list`). */
export const list = async ({ ledger }: Core, query: UploadQuery): Promise<Upload[]> => {
  const { endedBefore, group, limit = Number.POSITIVE_INFINITY } = query;
  if (endedBefore !== undefined) return ledger.read((facts) => listEnded(facts, endedBefore, query));
  if (group !== undefined) return ledger.read((facts) => listGroup(facts, group, query));
  const found: Upload[] = [];
  let after = query.after;
  for (;;) {
    // A read for each page: a long list does not hold up the ledger.
    const from = { limit: pageSize, ...(after !== undefined && { after }) };
    const page = await ledger.read((facts) => uploadShelf.list(facts, from));
    for (const { id, value } of page)
      if (matches(value, query) && found.length < limit) found.push(toUpload(id, value));
    if (page.length < pageSize || found.length >= limit) return found;
    after = page.at(-1)?.id;
  }
};

/** Which bytes are there (see `Engine.ranges`). */
export const ranges = (core: Core, id: string): Promise<Ranges> =>
  core.ledger.read(async (facts) => coverage(facts, id, await needUpload(facts, id)));

/** Bytes of an upload (see `Engine.read`). */
export async function* read(core: Core, upload: Upload, range?: Range): AsyncIterable<Uint8Array> {
  const wanted = range ?? { start: 0, end: upload.object === null ? upload.contiguous : upload.received };
  if (wanted.start >= wanted.end) return;
  const part = { kind: 'part', name: upload.id } as const;
  if (upload.object !== null) yield* readObject(core, upload.object, wanted);
  // A finish that a dying process did not record may have left the bytes as an object.
  else if ((await core.store.size(part)) === null) yield* core.store.read({ ...part, kind: 'object' }, wanted);
  else yield* core.store.read(part, wanted);
}

/**
 * Bytes of a published object. A finish that the ledger has and the store lost (power failed between the two) is published
 * again from the part, which was durable before.
 */
export async function* readObject(core: Core, object: string, range: Range): AsyncIterable<Uint8Array> {
  if (range.start >= range.end) return;
  const place = { kind: 'object', name: object } as const;
  if ((await core.store.size(place)) === null) {
    const known = await core.ledger.read((facts) => objectShelf.get(facts, object));
    if (known && (await core.store.size({ kind: 'part', name: object })) !== null)
      await core.store.publish(object, object, known.size);
  }
  yield* core.store.read(place, range);
}

/** Removes an ended upload's record, and its bytes if asked to (see `Engine.forget`). */
export const forget = async (core: Core, id: string, withBytes: boolean): Promise<void> => {
  await core.ledger.transact(async (facts) => {
    const record = await uploadShelf.get(facts, id);
    if (record && (record.state === 'open' || record.state === 'sealed'))
      throw new Refusal('not-open', { id, state: record.state });
    if (record?.endedAt != null) endedShelf.delete(facts, timedKey(record.endedAt, id));
    if (record?.expiry) dueShelf.delete(facts, timedKey(record.expiry.at, id));
    if (record) uploadShelf.delete(facts, id);
    const held = withBytes ? await objectShelf.get(facts, id) : undefined;
    if (!held) return;
    objectShelf.delete(facts, id);
    await dropHeld(facts, held.owner, held.size);
  });
  // Also where the ledger had forgotten them: a process may have died right here.
  if (withBytes) await core.store.remove({ kind: 'object', name: id });
};
