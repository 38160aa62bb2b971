import { type FactReader, type Facts, shelf } from '../../../engine/ports.js';
import { Refusal } from '../../../engine/refusals.js';
import type { Catalog, File } from '../../../services/catalog/catalog.js';
import { type ContentFacts, contentFacts } from '../facts.js';

/** Pages by their names, which are unique without regard to case. */
const nameShelf = shelf<number>('brightsign/page-name');

const nameKey = (name: string): string => encodeURIComponent(name.normalize('NFC').toLowerCase());

/** A web page: a content that has assets. */
export interface Page {
  readonly file: File;
  readonly facts: ContentFacts & Required<Pick<ContentFacts, 'page'>>;
}

/** The page of this id; nothing where it is none. */
export const findPage = async (catalog: Catalog, facts: FactReader, id: number): Promise<Page | undefined> => {
  const file = await catalog.findFile(facts, id);
  const { page, ...rest } = contentFacts(file?.metadata ?? null);
  return file && page && { file, facts: { ...rest, page } };
};

/** The page of this id; refuses `no-such-file`. */
export const needPage = async (catalog: Catalog, facts: FactReader, id: number): Promise<Page> => {
  const page = await findPage(catalog, facts, id);
  if (!page) throw new Refusal('no-such-file', { id: String(id) });
  return page;
};

/** The id of the page that has this name. */
export const findPageName = (facts: FactReader, name: string): Promise<number | undefined> =>
  nameShelf.get(facts, nameKey(name));

/** Gives a page its name, and takes away the one that it had. Refuses `name-taken`. */
export const namePage = async (facts: Facts, id: number, name: string, before: string | undefined): Promise<void> => {
  const holder = await findPageName(facts, name);
  if (holder !== undefined && holder !== id) throw new Refusal('name-taken', { name });
  if (before !== undefined) nameShelf.delete(facts, nameKey(before));
  nameShelf.put(facts, nameKey(name), id);
};

/** Gives a name free. */
export const unnamePage = (facts: Facts, name: string): void => nameShelf.delete(facts, nameKey(name));
