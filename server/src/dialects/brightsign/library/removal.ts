import type { FactReader, Facts } from '../../../engine/ports.js';
import type { Folder } from '../../../services/catalog/catalog.js';
import type { Host } from '../../dialect.js';
import { contentFacts } from '../facts.js';
import { orphanLife } from './orphans.js';
import { unnamePage } from './pages.js';
import { forgetPart, release, usersOf } from './parts.js';

/** Files that are read at once. */
const page = 200;

/** Is a content an asset of a page? */
export const isUsed = async (facts: FactReader, id: number): Promise<boolean> => (await usersOf(facts, id)).length > 0;

/** Removes a content, with its thumbnail; assets of a page become orphans. Gives the objects that nobody refers to any more. */
export const removeContent = async ({ catalog, clock }: Host, facts: Facts, id: number): Promise<string[]> => {
  const file = await catalog.file(facts, id);
  const { thumb, page } = contentFacts(file.metadata);
  for (const asset of page?.assets ?? []) await release(facts, asset.id, id, clock.now() + orphanLife);
  if (page) unnamePage(facts, page.name);
  const unused = await catalog.removeFile(facts, id);
  await forgetPart(facts, id);
  if (thumb === undefined || !(await catalog.findFile(facts, thumb))) return unused;
  await forgetPart(facts, thumb);
  return [...unused, ...(await catalog.removeFile(facts, thumb))];
};

/** Is anything in this folder, or below it, an asset of a page? */
export const holdsUsed = async (host: Host, facts: Facts, { id }: Folder): Promise<boolean> => {
  const { catalog } = host;
  for (let after: string | undefined; ; ) {
    const files = await catalog.files(facts, id, { limit: page, ...(after !== undefined && { after }) });
    for (const file of files) if (await isUsed(facts, file.id)) return true;
    after = files.at(-1)?.name;
    if (after === undefined) break;
  }
  for (const folder of await catalog.folders(facts, id)) if (await holdsUsed(host, facts, folder)) return true;
  return false;
};

/** Removes a folder with everything in it, and gives the objects that nobody refers to any more. */
export const removeFolder = async (host: Host, facts: Facts, { id }: Folder): Promise<string[]> => {
  const { catalog } = host;
  const unused: string[] = [];
  for (const folder of await catalog.folders(facts, id)) unused.push(...(await removeFolder(host, facts, folder)));
  for (;;) {
    const files = await catalog.files(facts, id, { limit: page });
    if (files.length === 0) break;
    for (const file of files) unused.push(...(await removeContent(host, facts, file.id)));
  }
  await catalog.removeFolder(facts, id);
  return unused;
};
