import type { Range } from '../kit/ranges.js';
import { judgeBody } from './bodies.js';
import type { Core } from './core.js';
import { reserveFor } from './counting.js';
import { covered } from './coverage.js';
import type { FactReader } from './ports.js';
import { needOpen, toUpload, type UploadRecord, uploadShelf } from './records.js';
import { bringBack } from './recovery.js';
import { Refusal } from './refusals.js';
import { stageApart } from './stage-apart.js';
import { stageInPlace } from './stage-in-place.js';
import type { StagedChunk } from './staged.js';
import type { StageSpec } from './verbs.js';

/** Where an offset given in words lies. */
const offsetOf = (record: UploadRecord, offset: number | 'end'): number => (offset === 'end' ? record.front : offset);

/** May bytes be staged in place at `offset`? Only where none are, and none can be reached. */
const isFree = async (facts: FactReader, id: string, record: UploadRecord, range: Range): Promise<boolean> =>
  record.redo === null && (await covered(facts, id, record, range)).length === 0;

/** Takes a chunk's bytes in (see `Engine.stage`). */
export const stage = async (core: Core, body: AsyncIterable<Uint8Array>, spec: StageSpec): Promise<StagedChunk> => {
  const id = spec.upload;
  if (id === undefined) return stageApart(core, body, spec, { record: null, offset: null });
  const judged = async (facts: FactReader): Promise<UploadRecord> => {
    const record = await needOpen(facts, id);
    spec.judge?.(toUpload(id, record));
    return record;
  };

  if (spec.offset === undefined)
    return stageApart(core, body, spec, { record: await core.ledger.read(judged), offset: null });

  const given = spec.offset;
  const appends = given === 'end' || spec.append === true || spec.keep === 'arrived';
  const { lease, value: record } = await core.leases.takeRange({
    upload: id,
    takeOver: appends,
    judge: judged,
    want: async (facts) => {
      const record = await judged(facts);
      const offset = offsetOf(record, given);
      if (appends && offset !== record.front)
        throw new Refusal('wrong-offset', { expected: record.front, given: offset });
      judgeBody(record, offset, spec);
      // No longer than the chunk can be, so that others may write behind it meanwhile.
      const end = offset + (spec.length ?? spec.limit ?? Number.POSITIVE_INFINITY);
      const range = { start: offset, end };
      if (!(await isFree(facts, id, record, range))) return { range, value: null };
      // What is committed on the way can no longer be refused, so its share of the quota is taken now.
      if (spec.keep !== 'arrived' || spec.length == null) return { range, value: record };
      const reserved = await reserveFor(facts, record, offset + spec.length);
      if (reserved.reserved !== record.reserved) uploadShelf.put(facts, id, reserved);
      return { range, value: reserved };
    },
  });
  try {
    if (record === null) {
      await core.leases.release(lease);
      const apart = await core.ledger.read(judged);
      return await stageApart(core, body, spec, { record: apart, offset: offsetOf(apart, given) });
    }
    await bringBack(core, id, record);
    return await stageInPlace(core, body, spec, { id, lease, record, offset: offsetOf(record, given) });
  } catch (error) {
    await core.leases.release(lease);
    throw error;
  }
};
