import type { Facts } from '../../../engine/ports.js';
import type { Upload } from '../../../engine/upload.js';
import type { FinishSpec } from '../../../engine/verbs.js';
import type { File, NewVersion } from '../../../services/catalog/catalog.js';
import type { Host } from '../../dialect.js';
import { dialectName } from '../address.js';
import { type ContentFacts, contentFacts, restKindOf, toMetadata, type UploadFacts, uploadFacts } from '../facts.js';
import { defaultPath } from '../parameters.js';
import { wantThumbnail } from '../thumbnails/wanted.js';
import { orphanLife } from './orphans.js';
import { orphan, release, use } from './parts.js';
import { ensureParts, ensurePath, needContent } from './places.js';

/** What a finished upload's `result` holds. */
export interface Result {
  readonly contentId: number;
  /** The file that a session makes use of. */
  readonly fileId: number;
}

/** The bytes of a complete upload, as a version. */
export const versionOf = (upload: Upload): NewVersion => {
  if (upload.object === null || upload.size === null) throw new Error(`upload ${upload.id} finished without bytes`);
  return {
    object: upload.object,
    size: upload.size,
    digests: upload.digests,
    by: upload.owner,
    upload: upload.id,
  };
};

/** What is kept of a content. */
export const factsOf = (said: UploadFacts): ContentFacts => ({
  contentType: restKindOf(said),
  ...(said.lastModified !== undefined && { lastModified: said.lastModified }),
  ...(said.thumb !== undefined && { thumb: said.thumb }),
});

/** A content has a new thumbnail, or bytes that the old one does not show: the old one goes, one is made where none was given. */
export const settleThumbnail = async (host: Host, facts: Facts, file: File, before?: ContentFacts): Promise<void> => {
  const { thumb } = contentFacts(file.metadata);
  if (before?.thumb !== undefined && before.thumb !== thumb)
    await release(facts, before.thumb, file.id, host.clock.now());
  if (thumb !== undefined) await use(facts, thumb, file.id);
  else wantThumbnail(host, facts, file);
};

/** A new version of a content, which keeps its id and stays where it is, unless another place is named (§A11). */
const overwrite = async (host: Host, facts: Facts, upload: Upload, id: number): Promise<File> => {
  const { catalog } = host;
  const said = uploadFacts(upload.metadata);
  const before = contentFacts((await needContent(catalog, facts, id)).metadata);
  const moved = said.virtualPath === undefined ? {} : { folder: await ensurePath(catalog, facts, said.virtualPath) };
  const page: ContentFacts = before.page ? { contentType: 'WebPage', page: before.page } : {};
  const metadata = toMetadata({ ...factsOf(said), ...page });
  const change = { name: said.fileName, ...moved, metadata, onTaken: 'twin' } as const;
  const file = await catalog.addVersion(facts, id, versionOf(upload), change);
  await settleThumbnail(host, facts, file, before);
  return file;
};

/** A new content of the library. */
const add = async (host: Host, facts: Facts, upload: Upload): Promise<File> => {
  const said = uploadFacts(upload.metadata);
  const file = await host.catalog.addFile(facts, {
    folder: await ensurePath(host.catalog, facts, said.virtualPath ?? defaultPath),
    name: said.fileName,
    owner: upload.owner,
    dialect: dialectName,
    metadata: toMetadata(factsOf(said)),
    version: versionOf(upload),
    onTaken: 'twin',
  });
  await settleThumbnail(host, facts, file);
  return file;
};

/** A file of a session: outside of the library until the session completes, and an orphan should it never do so. */
const setAside = async (host: Host, facts: Facts, upload: Upload, session: string): Promise<File> => {
  const { catalog, clock } = host;
  const said = uploadFacts(upload.metadata);
  const file = await catalog.addFile(facts, {
    folder: await ensureParts(catalog, facts),
    name: said.fileName,
    owner: upload.owner,
    dialect: dialectName,
    metadata: toMetadata({ ...factsOf(said), part: said.role ?? 'asset', awaits: session }),
    version: versionOf(upload),
    onTaken: 'twin',
  });
  await orphan(facts, file.id, clock.now() + orphanLife);
  return file;
};

/** How a complete upload becomes a file of the catalog, within the finish's own transaction. */
export const filing = (host: Host): Required<Pick<FinishSpec, 'record'>> => ({
  record: async (facts, upload): Promise<{ [Name in keyof Result]: number }> => {
    const { contentId } = uploadFacts(upload.metadata);
    if (upload.group !== null) {
      const { id } = await setAside(host, facts, upload, upload.group);
      // A page that is updated keeps its id, so its HTML file is told by that.
      return { contentId: contentId ?? id, fileId: id };
    }
    const file = await (contentId === undefined ? add(host, facts, upload) : overwrite(host, facts, upload, contentId));
    return { contentId: file.id, fileId: file.id };
  },
});
