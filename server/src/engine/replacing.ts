import { gaps } from '../kit/ranges.js';
import { type Apart, writeMissing } from './apart.js';
import type { Core } from './core.js';
import { counted } from './counting.js';
import { cover, covered, smudge } from './coverage.js';
import type { Facts } from './ports.js';
import { needOpen, type UploadRecord, uploadShelf } from './records.js';
import { applyRedo } from './recovery.js';
import type { AcceptSpec } from './verbs.js';

/** Lets a chunk's bytes win over others that were accepted before: noted first, put in place then. */
export const replace = async (
  core: Core,
  id: string,
  rest: Apart,
  { offset, spec }: { offset: number; spec: AcceptSpec },
): Promise<UploadRecord> => {
  const { store, ledger } = core;
  const part = rest.kind === 'spilled' ? rest.part : `s-${core.ids.next()}`;
  if (rest.kind === 'held') await store.write(part, 0, rest.bytes.buffers());
  await store.sync(part);
  const range = { start: offset, end: offset + rest.length };
  const { lease } = await core.leases.takeRange({
    upload: id,
    takeOver: false,
    want: async (facts) => ({
      range: { start: 0, end: Number.POSITIVE_INFINITY },
      value: await needOpen(facts, id),
    }),
  });
  let noted: UploadRecord | null = null;
  try {
    await applyRedo(core, id, await ledger.read((facts) => needOpen(facts, id)));
    // The ranges between the old bytes are written first, so that the ledger never counts a hole.
    const missing = await ledger.read(async (facts) =>
      gaps(await covered(facts, id, await needOpen(facts, id), range), range),
    );
    await writeMissing(core, id, rest, { offset, missing });
    noted = await ledger.transact(async (facts: Facts) => {
      await core.leases.confirm(facts, lease);
      let record = await needOpen(facts, id);
      record = await smudge(facts, id, record, range);
      for (const gap of missing) record = await cover(facts, id, record, { ...gap, crc: null });
      record = await counted(core, facts, record, { spec, end: range.end });
      record = { ...record, redo: { part, offset, length: rest.length } };
      uploadShelf.put(facts, id, record);
      return record;
    });
    return await applyRedo(core, id, noted);
  } finally {
    await core.leases.release(lease);
    if (rest.kind === 'held') core.held.give(rest.bytes.release());
    if (!noted) await store.remove({ kind: 'part', name: part });
  }
};
