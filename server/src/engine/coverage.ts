import { crc32Combine } from '../kit/crc32.js';
import type { Range, Ranges } from '../kit/ranges.js';
import { type FactReader, type Facts, ordered } from './ports.js';
import { type Island, islandShelf, type UploadRecord } from './records.js';

interface Stretch extends Range {
  readonly crc: number | null;
}

const islandId = (upload: string, start: number): string => `${upload}/${ordered(start)}`;

const toStretch = (upload: string, { id, value }: { id: string; value: Island }): Stretch => ({
  start: Number(id.slice(upload.length + 1)),
  end: value.end,
  crc: value.crc,
});

/** All bytes that an upload has: its front and its islands. */
export const coverage = async (facts: FactReader, id: string, record: UploadRecord): Promise<Ranges> => {
  const front = record.front > 0 ? [{ start: 0, end: record.front }] : [];
  if (record.islands === 0) return front;
  const islands = await islandShelf.list(facts, { within: `${id}/` });
  return [...front, ...islands.map((island) => toStretch(id, island)).map(({ start, end }) => ({ start, end }))];
};

/** The islands that touch or overlap `range`, lowest first. */
const islandsAt = async (facts: FactReader, id: string, range: Range): Promise<Stretch[]> => {
  const below = await islandShelf.list(facts, {
    within: `${id}/`,
    after: islandId(id, range.start),
    reverse: true,
    limit: 1,
  });
  const found = below.map((each) => toStretch(id, each)).filter((each) => each.end >= range.start);
  // Islands neither touch nor overlap each other, so those that begin inside the range follow one another.
  let after = islandId(id, Math.max(0, range.start - 1));
  for (;;) {
    const [next] = await islandShelf.list(facts, { within: `${id}/`, after, limit: 1 });
    if (!next) return found;
    const stretch = toStretch(id, next);
    if (stretch.start > range.end) return found;
    if (!found.some((each) => each.start === stretch.start)) found.push(stretch);
    after = next.id;
  }
};

/** The bytes of `range` that the upload has already. */
export const covered = async (facts: FactReader, id: string, record: UploadRecord, range: Range): Promise<Ranges> => {
  const stretches: Range[] = record.front > 0 ? [{ start: 0, end: record.front }] : [];
  if (record.islands > 0) stretches.push(...(await islandsAt(facts, id, range)));
  return stretches
    .map(({ start, end }) => ({ start: Math.max(start, range.start), end: Math.min(end, range.end) }))
    .filter(({ start, end }) => start < end);
};

const joined = (left: Stretch, right: Stretch): Stretch => ({
  start: left.start,
  end: right.end,
  crc: left.crc === null || right.crc === null ? null : crc32Combine(left.crc, right.crc, right.end - right.start),
});

/** Adds bytes that the upload does not have yet; melts neighbours together, checksums included. */
export const cover = async (facts: Facts, id: string, record: UploadRecord, added: Stretch): Promise<UploadRecord> => {
  if (added.start === added.end) return record;
  const received = record.received + added.end - added.start;
  const near = record.islands > 0 ? await islandsAt(facts, id, added) : [];
  for (const island of near) islandShelf.delete(facts, islandId(id, island.start));
  let whole = near
    .filter((island) => island.end === added.start)
    .concat(
      added,
      near.filter((island) => island.start === added.end),
    )
    .reduce(joined);
  const islands = record.islands - near.length;
  if (whole.start === record.front) {
    whole = record.front > 0 ? joined({ start: 0, end: record.front, crc: record.frontCrc }, whole) : whole;
    return { ...record, received, islands, front: whole.end, frontCrc: whole.crc };
  }
  islandShelf.put(facts, islandId(id, whole.start), { end: whole.end, crc: whole.crc });
  return { ...record, received, islands: islands + 1 };
};

/** Notes that bytes of `range` were replaced: the checksums they were part of are no longer known. */
export const smudge = async (facts: Facts, id: string, record: UploadRecord, range: Range): Promise<UploadRecord> => {
  if (record.islands > 0)
    for (const island of await islandsAt(facts, id, range))
      if (island.start < range.end && range.start < island.end)
        islandShelf.put(facts, islandId(id, island.start), { end: island.end, crc: null });
  return range.start < record.front ? { ...record, frontCrc: null } : record;
};

/** Forgets all bytes. */
export const uncover = async (facts: Facts, id: string, record: UploadRecord): Promise<UploadRecord> => {
  if (record.islands > 0)
    for (const island of await islandShelf.list(facts, { within: `${id}/` })) islandShelf.delete(facts, island.id);
  return { ...record, received: 0, front: 0, frontCrc: 0, islands: 0, redo: null };
};
