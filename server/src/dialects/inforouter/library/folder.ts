import type { Json } from '../../../kit/json.js';
import type { Folder } from '../../../services/catalog/catalog.js';

/** What the dialect keeps of a folder, as its metadata. */
export interface FolderFacts {
  readonly description: string;
  /** The account's name; empty for a folder that nobody asked for, such as a library. */
  readonly owner: string;
}

/** What is kept of a folder, for the catalog. */
export const folderMetadata = ({ description, owner }: FolderFacts): Json => ({ description, owner });

/** Reads what was kept of a folder. Throws where it is not what `folderMetadata` makes. */
export const folderFactsOf = ({ id, metadata }: Folder): FolderFacts => {
  if (metadata === undefined) return { description: '', owner: '' };
  if (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)) {
    const { description, owner } = metadata;
    if (typeof description === 'string' && typeof owner === 'string') return { description, owner };
  }
  throw new Error(`folder ${id} has metadata of another kind`);
};
