import { gaps } from '../kit/ranges.js';
import { type Apart, dropApart, isSame, writeMissing } from './apart.js';
import { type Core, followedBy, readPart } from './core.js';
import { commit, judgeEnd, settleChunk, sizeWith } from './counting.js';
import { covered } from './coverage.js';
import type { Facts } from './ports.js';
import { needOpen, type UploadRecord } from './records.js';
import { applyRedo, bringBack } from './recovery.js';
import { Refusal } from './refusals.js';
import { replace } from './replacing.js';
import type { Accepted, AcceptSpec } from './verbs.js';

const highest = async (facts: Facts, id: string, record: UploadRecord): Promise<number> => {
  const all = await covered(facts, id, record, { start: 0, end: Number.MAX_SAFE_INTEGER });
  return all.at(-1)?.end ?? 0;
};

/** Lets the digests see the bytes while they are still at hand, or follows in the background. */
const follow = async (
  core: Core,
  id: string,
  rest: Apart,
  { offset, after }: { offset: number; after: UploadRecord },
) => {
  const algorithms = followedBy(after);
  if (rest.kind === 'held') {
    const trail = core.followers.trail(id, algorithms, offset);
    if (trail) for (const buffer of rest.bytes.buffers()) trail.update(buffer);
    trail?.keep();
  }
  await core.followers.catchUp(id, algorithms, after.front, readPart(core, id));
};

/** Puts bytes in their place, and counts them. */
export const acceptApart = async (core: Core, id: string, rest: Apart, spec: AcceptSpec): Promise<Accepted> => {
  const wanted = spec.offset ?? rest.offset ?? 'end';
  const { lease, value } = await core.leases.takeRange({
    upload: id,
    takeOver: false,
    want: async (facts) => {
      const record = await needOpen(facts, id);
      const offset = wanted === 'end' ? await highest(facts, id, record) : wanted;
      const range = { start: offset, end: offset + rest.length };
      judgeEnd(record, sizeWith(record, spec, range.end), range.end);
      const have = await covered(facts, id, record, range);
      // A replacing chunk that is not in its place yet has to be put there by someone who holds everything. Behind a last
      // chunk there is nothing, and nothing on its way there.
      const lease = {
        start: record.redo ? 0 : offset,
        end: record.redo || spec.last ? Number.POSITIVE_INFINITY : range.end,
      };
      return { range: lease, value: { record, offset, range, have } };
    },
  });
  const { offset, range, have } = value;
  let handedOn = false;
  try {
    await bringBack(core, id, value.record);
    await applyRedo(core, id, value.record);
    if (have.length > 0) {
      const same = spec.overlap !== 'refuse' && (await isSame(core, id, rest, { offset, have }));
      if (!same && spec.overlap !== 'replace')
        throw new Refusal('wrong-offset', { expected: value.record.front, given: offset });
      if (!same) {
        await core.leases.release(lease);
        handedOn = true;
        const after = await replace(core, id, rest, { offset, spec });
        return await settleChunk(core, id, { after, spec, bytes: rest.length, from: rest.from, repeated: false });
      }
    }
    const missing = gaps(have, range);
    const added = await writeMissing(core, id, rest, { offset, missing });
    const after = await commit(core, id, { lease, spec, added, end: range.end, tier: value.record.tier });
    handedOn = true;
    await follow(core, id, rest, { offset, after });
    await dropApart(core, rest);
    const bytes = added.reduce((sum, each) => sum + each.end - each.start, 0);
    return await settleChunk(core, id, {
      after,
      spec,
      bytes,
      from: rest.from,
      repeated: rest.length > 0 && bytes === 0,
    });
  } catch (error) {
    if (!handedOn) {
      await core.leases.release(lease);
      await dropApart(core, rest);
    }
    throw error;
  }
};
