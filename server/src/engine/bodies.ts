import { type Algorithm, crcHex, type Declared, type Digest, startDigest } from './digests.js';
import type { UploadRecord } from './records.js';
import { Refusal } from './refusals.js';
import type { StageSpec } from './verbs.js';

/** What the body may be, judged before its first byte; `room` is where it must stop. */
export const judgeBody = (record: UploadRecord | null, offset: number | null, spec: StageSpec): number => {
  const at = offset ?? 0;
  const limits: { most: number; refuse: (bytes: number) => Refusal }[] = [];
  const { size, maxSize } = record ?? { size: null, maxSize: null };
  if (size !== null)
    limits.push({ most: size - at, refuse: (bytes) => new Refusal('beyond-end', { size, end: at + bytes }) });
  if (maxSize !== null)
    limits.push({
      most: maxSize - at,
      refuse: (bytes) => new Refusal('too-large', { limit: maxSize, size: at + bytes }),
    });
  const limit = spec.limit;
  if (limit != null)
    limits.push({ most: limit, refuse: () => new Refusal('too-large', { limit, size: spec.length ?? null }) });
  for (const { most, refuse } of limits) if ((spec.length ?? 0) > most) throw refuse(spec.length ?? 0);
  return Math.min(Number.POSITIVE_INFINITY, ...limits.map(({ most }) => most));
};

/** What was promised for a body that has grown beyond it. */
export const tooLong = (record: UploadRecord | null, offset: number | null, total: number): Refusal => {
  const { size, maxSize } = record ?? { size: null, maxSize: null };
  const end = (offset ?? 0) + total;
  if (size !== null && end > size) return new Refusal('beyond-end', { size, end });
  if (maxSize !== null && end > maxSize) return new Refusal('too-large', { limit: maxSize, size: end });
  return new Refusal('too-large', { limit: total - 1, size: null });
};

/** Did the body turn out to be other than announced? */
export const lengthDiffers = (spec: StageSpec, length: number): boolean =>
  spec.length != null && spec.length !== length;

/** Digests of a chunk, CRC32 apart, which is always kept. */
export const startDigests = (algorithms: readonly Algorithm[]): [Algorithm, Digest][] =>
  algorithms.filter((algorithm) => algorithm !== 'crc32').map((algorithm) => [algorithm, startDigest(algorithm)]);

/** The digests of a chunk, once it is in. */
export const digestsOf = (digests: readonly [Algorithm, Digest][], crc: number): Declared => ({
  ...Object.fromEntries(digests.map(([algorithm, digest]) => [algorithm, digest.hex()])),
  crc32: crcHex(crc),
});
