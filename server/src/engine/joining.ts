import { crc32Combine } from '../kit/crc32.js';
import { type Core, copyPart, tell } from './core.js';
import { reserveFor } from './counting.js';
import { finishUnder } from './finishing.js';
import { enter, needRoom, newRecord } from './opening.js';
import type { FactReader, Facts } from './ports.js';
import { joinShelf, needUpload, toUpload, type UploadRecord, uploadShelf } from './records.js';
import { bringBack } from './recovery.js';
import { Refusal } from './refusals.js';
import type { Upload } from './upload.js';
import { release } from './usage.js';
import type { FinishSpec, OpenSpec } from './verbs.js';

interface Part {
  readonly id: string;
  readonly record: UploadRecord;
}

const partsOf = async (facts: FactReader, ids: readonly string[]): Promise<Part[]> => {
  const parts: Part[] = [];
  for (const id of ids) parts.push({ id, record: await needUpload(facts, id) });
  return parts;
};

const judgePart = ({ id, record }: Part): void => {
  if (record.parts) throw new Refusal('malformed', { reason: 'A concatenation cannot be a part of another one.' });
  if (record.state !== 'open' && record.state !== 'sealed') throw new Refusal('not-open', { id, state: record.state });
};

/** The size of the whole as far as it is known: null while a part's is not. */
const sizeOf = (parts: readonly Part[]): number | null =>
  parts.reduce<number | null>(
    (sum, { record }) => (sum === null || record.size === null ? null : sum + record.size),
    0,
  );

/** Opens an upload made of others (see `Engine.concat`). */
export const concat = async (
  core: Core,
  ids: readonly string[],
  spec: OpenSpec & { finish?: FinishSpec },
): Promise<Upload> => {
  if (ids.length === 0) throw new Refusal('malformed', { reason: 'A concatenation needs at least one part.' });
  const id = core.ids.next();
  const record = await core.ledger.transact(async (facts) => {
    const parts = await partsOf(facts, ids);
    for (const part of parts) judgePart(part);
    const begun = newRecord(core, { ...spec, size: sizeOf(parts) });
    // The parts have their share of the quota until the whole is made of them.
    const record: UploadRecord = { ...begun, parts: ids, reserved: 0 };
    await enter(facts, id, record);
    for (const part of new Set(ids)) joinShelf.put(facts, `${part}/${id}`, null);
    return record;
  });
  tell(core, 'opened', id, record, { from: spec.from });
  return join(core, id, spec.finish);
};

/** Copies the parts' bytes behind each other; gives the checksum of the whole. */
const copyParts = async (
  core: Core,
  id: string,
  parts: readonly Part[],
): Promise<{ size: number; crc: number | null }> => {
  let size = 0;
  let crc: number | null = 0;
  await core.store.write(id, 0, []);
  for (const part of parts) {
    await bringBack(core, part.id, part.record);
    const { front, frontCrc } = part.record;
    if (front > 0) await copyPart(core, { from: part.id, range: { start: 0, end: front }, to: id, at: size });
    crc = crc === null || frontCrc === null ? null : crc32Combine(crc, frontCrc, front);
    size += front;
  }
  await core.store.sync(id);
  return { size, crc };
};

/** What a part had reserved is the whole's from now on; and the whole waits for it no more. */
const handOver = async (facts: Facts, part: string, whole: string): Promise<void> => {
  const record = await needUpload(facts, part);
  await release(facts, record.owner, record.reserved);
  uploadShelf.put(facts, part, { ...record, reserved: 0 });
  joinShelf.delete(facts, `${part}/${whole}`);
};

/** Joins a concatenation if all of its parts are sealed (see `Engine.join`). */
export const join = async (core: Core, id: string, spec: FinishSpec | undefined): Promise<Upload> => {
  const { lease, value } = await core.leases.take({
    upload: id,
    takeOver: false,
    want: async (facts) => {
      const record = await needUpload(facts, id);
      const parts = record.state === 'open' ? await partsOf(facts, record.parts ?? []) : [];
      const ready = parts.length > 0 && parts.every((part) => part.record.state === 'sealed');
      return { range: ready ? { start: 0, end: Number.POSITIVE_INFINITY } : null, value: { record, parts } };
    },
  });
  if (!lease) return toUpload(id, value.record);
  const joined = await core.leases.orRelease(lease, async () => {
    await needRoom(core, sizeOf(value.parts) ?? 0);
    const { size, crc } = await copyParts(core, id, value.parts);
    return core.ledger.transact(async (facts) => {
      await core.leases.confirm(facts, lease);
      const record = await needUpload(facts, id);
      if (record.maxSize !== null && size > record.maxSize)
        throw new Refusal('too-large', { limit: record.maxSize, size });
      for (const part of new Set(record.parts ?? [])) await handOver(facts, part, id);
      const whole: UploadRecord = {
        ...record,
        state: 'sealed',
        parts: null,
        size,
        received: size,
        front: size,
        frontCrc: crc,
        touchedAt: core.clock.now(),
      };
      const after = await reserveFor(facts, whole, size);
      uploadShelf.put(facts, id, after);
      return after;
    });
  });
  // The finish ends the lease, or keeps it where letting go would cost bytes.
  if (spec) return toUpload(id, await finishUnder(core, id, { lease, spec, known: joined }));
  await core.leases.release(lease);
  return toUpload(id, joined);
};
