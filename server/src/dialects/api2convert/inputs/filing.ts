import type { Facts } from '../../../engine/ports.js';
import type { Upload } from '../../../engine/upload.js';
import type { NewVersion } from '../../../services/catalog/catalog.js';
import { dialectName } from '../address.js';
import type { Parts } from '../context.js';
import type { JobRecord, StoredFile } from '../jobs/job.js';

/** What a finished upload brings to a file. */
export const versionOf = ({ id, owner, object, size, digests }: Upload): NewVersion => {
  if (object === null || size === null) throw new Error(`upload ${id} finished without bytes`);
  return { object, size, digests, by: owner, upload: id };
};

/** Puts a file into the catalog, in the job's folder, which is made if it is missing. */
export const fileAway = async (
  { host: { catalog } }: Parts,
  facts: Facts,
  { id, job }: { id: string; job: JobRecord },
  file: { readonly name: string; readonly type: string | null; readonly version: NewVersion },
): Promise<{ readonly folder: number; readonly stored: StoredFile }> => {
  const { owner } = job;
  const root = await catalog.root(facts, dialectName);
  const folder = job.folder ?? (await catalog.ensureFolder(facts, root.id, [owner, id])).id;
  const { name, version } = file;
  const added = await catalog.addFile(facts, {
    folder,
    name,
    ...(file.type !== null && { type: file.type }),
    owner,
    dialect: dialectName,
    version,
    onTaken: 'twin',
  });
  const { object, size, digests } = version;
  return { folder, stored: { file: added.id, object, size, digests, type: added.type } };
};
