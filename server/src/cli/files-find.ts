import type { Data } from '../app/data.js';
import type { FactReader } from '../engine/ports.js';
import type { File, Folder } from '../services/catalog/catalog.js';

/** Files read from the catalog at once. */
const pageSize = 1000;

/** What a path leads to: a folder, files of that name, or both. The folder of an empty path is where the roots lie. */
export interface Found {
  /** 0: where the roots lie; null: no folder. */
  readonly folder: number | null;
  readonly files: readonly File[];
}

/** Finds what `path` leads to, from the roots down: `/tus/alice/film.mov`. Names match without regard to case. */
export const findPath = async ({ catalog }: Data, facts: FactReader, path: string): Promise<Found> => {
  const [root, ...names] = path.split('/').filter((name) => name !== '');
  if (root === undefined) return { folder: 0, files: [] };
  const top = await catalog.findRoot(facts, root);
  if (!top) return { folder: null, files: [] };
  const folder = await catalog.findFolder(facts, top.id, names);
  const name = names.at(-1);
  const parent = name === undefined ? undefined : await catalog.findFolder(facts, top.id, names.slice(0, -1));
  const files = parent && name !== undefined ? await catalog.findByName(facts, parent.id, name) : [];
  return { folder: folder?.id ?? null, files };
};

/** The files in a folder, by name, however many there are. */
export const filesIn = async function* ({ catalog, ledger }: Data, folder: number): AsyncGenerator<File> {
  let after: string | undefined;
  for (;;) {
    const query = { limit: pageSize, ...(after !== undefined && { after }) };
    const page = await ledger.read((facts) => catalog.files(facts, folder, query));
    yield* page;
    after = page.at(-1)?.name;
    if (page.length < pageSize) return;
  }
};

/** The folders in a folder, by name. */
export const foldersIn = ({ catalog, ledger }: Data, folder: number): Promise<Folder[]> =>
  ledger.read((facts) => catalog.folders(facts, folder));
