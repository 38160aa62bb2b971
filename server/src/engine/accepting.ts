import { acceptApart } from './accept-apart.js';
import { type Core, followedBy, readPart } from './core.js';
import { acceptedOf, commit, settleChunk } from './counting.js';
import { type Declared, isAlgorithm } from './digests.js';
import { finishUnder } from './finishing.js';
import { Refusal } from './refusals.js';
import { discard, type Placed, StagedChunk } from './staged.js';
import type { Accepted, AcceptSpec, Staged } from './verbs.js';

const checkDigests = (wanted: Declared, found: Declared): void => {
  for (const [algorithm, expected] of Object.entries(wanted)) {
    const actual = isAlgorithm(algorithm) ? found[algorithm] : undefined;
    if (actual === undefined) throw new Refusal('digest-unsupported', { algorithm });
    if (actual !== expected.toLowerCase())
      throw new Refusal('digest-mismatch', { scope: 'chunk', algorithm, expected: expected.toLowerCase(), actual });
  }
};

/** Counts bytes that were staged in place; in one step with the finish, if they complete the upload. */
const acceptPlaced = async (core: Core, id: string, rest: Placed, spec: AcceptSpec): Promise<Accepted> => {
  const { lease, start, length, crc, trail, known, from } = rest;
  const { orRelease } = core.leases;
  const end = start + length;
  const offset = start - rest.committed;
  await orRelease(lease, async () => {
    if (spec.offset !== undefined && spec.offset !== 'end' && spec.offset !== offset)
      throw new Refusal('wrong-offset', { expected: offset, given: spec.offset });
  });
  const inOrder = known.front === start && known.islands === 0 && known.redo === null;
  const sizes = [spec.size, known.size, spec.last ? end : null].filter((size) => size != null);
  const completes = inOrder && sizes.length > 0 && sizes.every((size) => size === end);
  if (spec.finish && completes) {
    trail?.keep();
    const finishing = { size: end, ...spec.finish };
    // The finish ends the lease, or keeps it where letting go would cost bytes.
    const done = await finishUnder(core, id, { lease, known, spec: finishing, tail: { start, length, crc, from } });
    return acceptedOf(core, id, done, false);
  }
  const after = await orRelease(lease, async () => {
    if (length > 0) await core.store.sync(id);
    return commit(core, id, { lease, spec, end, added: [{ start, end, crc }], tier: known.tier });
  });
  trail?.keep();
  if (!trail) await core.followers.catchUp(id, followedBy(after), after.front, readPart(core, id));
  return settleChunk(core, id, { after, spec, bytes: length, from, repeated: false });
};

/** Makes staged bytes part of their upload (see `Engine.accept`). */
export const accept = async (core: Core, staged: Staged, spec: AcceptSpec): Promise<Accepted> => {
  if (!(staged instanceof StagedChunk)) throw new TypeError('not staged by this engine');
  const id = staged.upload ?? spec.upload;
  if (id === undefined || (spec.upload !== undefined && spec.upload !== id))
    throw new TypeError('bytes are accepted by one upload, that which they were staged for');
  try {
    checkDigests(spec.digests ?? {}, staged.digests);
  } catch (error) {
    await discard(core, staged);
    throw error;
  }
  const rest = staged.take();
  if (!rest) throw new TypeError('these bytes were accepted or dropped before');
  return rest.kind === 'placed' ? acceptPlaced(core, id, rest, spec) : acceptApart(core, id, rest, spec);
};
