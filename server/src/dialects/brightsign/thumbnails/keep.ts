import type { Facts } from '../../../engine/ports.js';
import type { Host } from '../../dialect.js';
import { dialectName } from '../address.js';
import { toMetadata } from '../facts.js';
import { versionOf } from '../library/filing.js';
import { orphanLife } from '../library/orphans.js';
import { orphan } from '../library/parts.js';
import { ensureParts } from '../library/places.js';

/** A thumbnail that is to be kept. */
export interface Thumbnail {
  readonly bytes: Buffer;
  readonly owner: string;
  /** The owner's quota in bytes. */
  readonly quota: number | null;
  /** The upload or session that is going to use it: until that is over, it is no orphan. */
  readonly awaits?: string;
}

/** In ms. */
const hour = 60 * 60 * 1000;

/**
 * Keeps a thumbnail as a file of its own, outside of the library, and says which. It has a word of its own for its
 * upload's dialect, so that nobody takes that for a content's. `record` runs in the transaction in which it is kept.
 */
export const keepThumbnail = async (
  host: Host,
  { bytes, owner, quota, awaits }: Thumbnail,
  record?: (facts: Facts, thumb: number) => Promise<void>,
): Promise<number> => {
  const { engine, catalog, clock } = host;
  const { id } = await engine.open({
    dialect: 'brightsign-thumbnails',
    owner,
    size: bytes.length,
    expiry: { at: clock.now() + hour, sliding: null },
    quota,
    chunkFollows: true,
  });
  const once = (async function* () {
    yield bytes;
  })();
  const staged = await engine.stage(once, { upload: id, offset: 0, keep: 'whole' });
  const { upload } = await engine.accept(staged, {
    finish: {
      record: async (facts, finished) => {
        const file = await catalog.addFile(facts, {
          folder: await ensureParts(catalog, facts),
          name: 'thumbnail',
          owner,
          dialect: dialectName,
          metadata: toMetadata({ part: 'thumbnail', ...(awaits !== undefined && { awaits }) }),
          version: versionOf(finished),
          onTaken: 'twin',
        });
        await orphan(facts, file.id, clock.now() + orphanLife);
        await record?.(facts, file.id);
        return file.id;
      },
    },
  });
  if (typeof upload.result !== 'number') throw new Error(`the thumbnail ${id} was kept without a file`);
  return upload.result;
};
