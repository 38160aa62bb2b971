import type { FactReader } from '../../../engine/ports.js';
import type { Catalog, File, Folder } from '../../../services/catalog/catalog.js';
import { newest } from '../../../services/catalog/versions.js';
import { contentFacts, kindOfFile } from '../facts.js';
import type { Page } from '../library/pages.js';
import { virtualPathOf } from '../library/places.js';
import { linkTo } from '../links.js';
import type { ContentValue, FolderValue, WebPageValue } from './types.js';

/** How catalog entries are told: what else is known of them is looked up here, and their addresses begin with `origin`. */
export interface Telling {
  readonly catalog: Catalog;
  readonly facts: FactReader;
  readonly origin: string;
}

/** A hash in the vendor's form. */
const hashOf = (file: File): { FileHash?: string } => {
  const { sha1 } = newest(file).digests;
  return sha1 === undefined ? {} : { FileHash: `SHA1:${sha1.toUpperCase()}` };
};

/** A content of the library. */
export const contentOf = async ({ catalog, facts, origin }: Telling, file: File): Promise<ContentValue> => {
  const { lastModified, thumb, ...known } = contentFacts(file.metadata);
  const picture = thumb === undefined ? undefined : await catalog.findFile(facts, thumb);
  const { size, createdAt } = newest(file);
  return {
    DynamicPlaylists: [],
    ...hashOf(file),
    ...(lastModified !== undefined && { FileLastModifiedDate: new Date(lastModified) }),
    FileName: file.name,
    FileSize: size,
    Id: file.id,
    PhysicalPath: linkTo(origin, file),
    Presentations: [],
    ...(picture && { ThumbPath: linkTo(origin, picture) }),
    Type: kindOfFile(file),
    UploadDate: new Date(createdAt),
    VirtualPath: known.part === undefined ? await virtualPathOf(catalog, facts, file.folder) : '\\',
  };
};

/** A folder: its VirtualPath is that of the folder that it lies in. */
export const folderOf = async ({ catalog, facts }: Telling, folder: Folder): Promise<FolderValue> => ({
  CreationDate: new Date(folder.createdAt),
  Id: folder.id,
  Name: folder.name,
  VirtualPath: await virtualPathOf(catalog, facts, folder.parent),
});

/** A web page, with its assets where they are asked for. */
export const webPageOf = async (
  { catalog, facts: reader, origin }: Telling,
  { file, facts: { page } }: Page,
  loadAssets: boolean,
): Promise<WebPageValue> => {
  const found = loadAssets ? await Promise.all(page.assets.map(({ id }) => catalog.findFile(reader, id))) : [];
  const assets = found.flatMap((asset, index) => {
    const said = page.assets[index];
    if (!asset || !said) return [];
    return {
      ...hashOf(asset),
      FileName: said.fileName,
      FileSize: newest(asset).size,
      PhysicalPath: linkTo(origin, asset),
      RelativePath: said.relativePath,
    };
  });
  return {
    ...(loadAssets && { Assets: assets }),
    ...hashOf(file),
    FileSize: newest(file).size,
    Id: file.id,
    Name: page.name,
    PhysicalPath: linkTo(origin, file),
    Presentations: [],
    UploadDate: new Date(newest(file).createdAt),
  };
};
