import type { File as CatalogFile } from '../../services/catalog/catalog.js';
import { newest } from '../../services/catalog/versions.js';
import type { File } from '../shapes/index.js';
import { previewOf } from './preview.js';

/** A file of the catalog as the API tells of it. What its dialect keeps with it is not told. */
export const toFile = (file: CatalogFile): File => {
  const { id, folder, name, type, owner, dialect, createdAt, modifiedAt, versions } = file;
  const { size } = newest(file);
  return {
    id,
    folder,
    name,
    type,
    owner,
    dialect,
    createdAt,
    modifiedAt,
    size,
    preview: previewOf({ type, size }),
    versions: versions.map(({ number, size, digests, createdAt, by, upload }) => ({
      number,
      size,
      digests: { ...digests },
      createdAt,
      by,
      upload,
    })),
  };
};
