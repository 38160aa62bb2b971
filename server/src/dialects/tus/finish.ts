import type { Upload } from '../../engine/upload.js';
import type { FinishSpec } from '../../engine/verbs.js';
import type { Host } from '../dialect.js';
import type { Context } from './context.js';
import { fileOf, foldersOf, kindOf } from './messages.js';

/** What a finished upload's `result` holds. */
export type Result = { readonly fileId: number };

/** Files a finished upload in the catalog: below the dialect's root, in a folder named after its owner and those of its path. */
export const filing = ({ catalog }: Host): FinishSpec => ({
  record: async (facts, upload): Promise<Result> => {
    if (upload.object === null || upload.size === null) throw new Error(`upload ${upload.id} finished without bytes`);
    const root = await catalog.root(facts, 'tus');
    const folder = await catalog.ensureFolder(facts, root.id, [upload.owner, ...foldersOf(upload)]);
    const file = await catalog.addFile(facts, {
      folder: folder.id,
      ...fileOf(upload),
      owner: upload.owner,
      dialect: 'tus',
      version: {
        object: upload.object,
        size: upload.size,
        digests: upload.digests,
        by: upload.owner,
        upload: upload.id,
      },
      onTaken: 'twin',
    });
    return { fileId: file.id };
  },
});

/** Joins the final uploads that waited for a part; one that fails is tried again when it is next asked for. */
export const joinAll = async ({ host, finish }: Context, ids: readonly string[]): Promise<void> => {
  for (const id of ids) {
    try {
      await host.engine.join(id, finish);
    } catch (error) {
      // The part itself is safe, and its sender has nothing to do with this.
      host.log.warn({ err: error, upload: id }, 'a concatenation could not be joined');
    }
  }
};

/**
 * Finishes what is complete and was not finished when it became so, because the process died in between, or because a
 * part was sealed by somebody else. Gives back the upload as it is then.
 */
export const catchUp = async ({ host, finish }: Context, upload: Upload): Promise<Upload> => {
  if (upload.state === 'finished') return upload;
  const kind = kindOf(upload);
  if (kind === 'final') return host.engine.join(upload.id, finish);
  return kind === 'whole' && upload.contiguous === upload.size ? host.engine.finish(upload.id, finish) : upload;
};
