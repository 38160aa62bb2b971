import type { File, Folder } from '../../services/catalog/catalog.js';
import { newest } from '../../services/catalog/versions.js';
import { factsOfFile, factsOfFolder } from './drive/facts.js';
import { toWire } from './ids.js';
import { pageLink } from './links.js';
import type { AccountItem } from './types.js';

/** What clients see as the name of the root. */
const rootName = 'My 4shared';

const blank: AccountItem = {
  directory: false,
  downloadCount: 0,
  downloadLink: '',
  empty: false,
  id: 0,
  name: '',
  parentId: 0,
  removed: false,
  shared: false,
  size: 0,
  version: 0,
};

/** What is answered in place of an item that is not there: rpc/literal cannot say nothing (specs/fourshared.md §4). */
export const noItem: AccountItem = { ...blank, md5: '', empty: true };

/** A file, `removed` where it lies in the recycle bin; `base` is where its page is. */
export const fileItem = (file: File, { removed, base }: { removed: boolean; base: string }): AccountItem => {
  const { code, removed: mark } = factsOfFile(file);
  const { size, digests, createdAt, number } = newest(file);
  return {
    ...blank,
    date: new Date(createdAt),
    // Clients take a file with a link for one that can be downloaded.
    downloadLink: removed ? '' : pageLink(base, { code, name: file.name }),
    id: toWire(file.id),
    md5: digests.md5 ?? '',
    name: file.name,
    parentId: toWire(mark?.from ?? file.folder),
    removed,
    size,
    version: number,
  };
};

/** A folder, `removed` where it lies in the recycle bin; the drive's own is `root`. */
export const folderItem = (folder: Folder, { removed, root }: { removed: boolean; root: number }): AccountItem => {
  const { removed: mark } = factsOfFolder(folder);
  const isRoot = folder.id === root;
  return {
    ...blank,
    date: new Date(folder.createdAt),
    directory: true,
    id: toWire(folder.id),
    name: isRoot ? rootName : (mark?.name ?? folder.name),
    parentId: isRoot ? 0 : toWire(mark?.from ?? folder.parent),
    removed,
  };
};

/**
 * A file whose upload is open: `size` is how many bytes are there without a hole, so that a client can go on from there. An
 * extension of ours (specs/fourshared.md §9).
 */
export const openItem = (upload: {
  /** As the catalog has it. */
  readonly id: number;
  readonly dir: number;
  readonly name: string;
  readonly contiguous: number;
  /** ms since 1970. */
  readonly touchedAt: number;
}): AccountItem => ({
  ...blank,
  date: new Date(upload.touchedAt),
  id: toWire(upload.id),
  name: upload.name,
  parentId: toWire(upload.dir),
  size: upload.contiguous,
});
