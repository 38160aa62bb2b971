import type { FactReader } from '../../engine/ports.js';
import { Refusal } from '../../engine/refusals.js';
import type { Upload } from '../../engine/upload.js';
import type { FinishSpec } from '../../engine/verbs.js';
import type { Catalog, File } from '../../services/catalog/catalog.js';
import { contentTypeOf, defaultPath, foldersOf, fromMetadata } from './messages.js';
import type { Result } from './status.js';

const rootName = 'brightsign';

/** The virtual path of a folder. */
export const virtualPathOf = async (catalog: Catalog, facts: FactReader, folder: number): Promise<string> => {
  const names = await catalog.pathOf(facts, folder);
  return names.length === 0 ? '\\' : `\\${names.join('\\')}\\`;
};

/** Contents of the library with this SHA-1, size and name, in any folder (specs/brightsign.md §A10, negotiation). */
export const matchingFiles = async (
  catalog: Catalog,
  facts: FactReader,
  wanted: { sha1: string; size: number | null; fileName: string },
): Promise<{ file: File; virtualPath: string }[]> => {
  const found: { file: File; virtualPath: string }[] = [];
  for (const file of await catalog.findByDigest(facts, 'sha1', wanted.sha1)) {
    const latest = file.versions.at(-1);
    const same =
      file.dialect === 'brightsign' &&
      file.name === wanted.fileName &&
      latest?.digests.sha1 === wanted.sha1 &&
      (wanted.size === null || latest.size === wanted.size);
    if (same) found.push({ file, virtualPath: await virtualPathOf(catalog, facts, file.folder) });
  }
  return found;
};

/** Refuses `no-such-file` unless this is a content of the library. */
export const needContent = async (catalog: Catalog, facts: FactReader, id: number): Promise<File> => {
  const file = await catalog.findFile(facts, id);
  if (file?.dialect !== 'brightsign') throw new Refusal('no-such-file', { id: String(id) });
  return file;
};

/**
 * How a complete upload becomes a content of the library: a new one, or a new version of the one that it overwrites, which
 * keeps its id (§A11).
 */
export const filing = (catalog: Catalog): Required<Pick<FinishSpec, 'record'>> => ({
  record: async (facts, upload: Upload): Promise<Result & { [key: string]: number }> => {
    if (upload.object === null || upload.size === null) throw new Error(`upload ${upload.id} finished without bytes`);
    const said = fromMetadata(upload.metadata);
    const folderAt = async (virtualPath: string) => {
      const root = await catalog.root(facts, rootName);
      return (await catalog.ensureFolder(facts, root.id, foldersOf(virtualPath))).id;
    };
    const version = {
      object: upload.object,
      size: upload.size,
      digests: upload.digests,
      by: upload.owner,
      upload: upload.id,
    };
    const metadata = {
      contentType: contentTypeOf(said),
      ...(said.lastModified !== undefined && { lastModified: said.lastModified }),
      ...(said.thumb !== undefined && { thumb: said.thumb }),
    };
    if (said.contentId !== undefined) {
      await needContent(catalog, facts, said.contentId);
      const moved = said.virtualPath === undefined ? {} : { folder: await folderAt(said.virtualPath) };
      const change = { name: said.fileName, ...moved, metadata, onTaken: 'twin' } as const;
      return { contentId: (await catalog.addVersion(facts, said.contentId, version, change)).id };
    }
    const file = {
      folder: await folderAt(said.virtualPath ?? defaultPath),
      name: said.fileName,
      owner: upload.owner,
      dialect: 'brightsign',
      metadata,
      version,
    };
    return { contentId: (await catalog.addFile(facts, { ...file, onTaken: 'twin' })).id };
  },
});
