import { type FactReader, type Facts, shelf } from '../../../engine/ports.js';
import type { Catalog, File } from '../../../services/catalog/catalog.js';
import { factsOfFile } from './facts.js';
import type { FilePlace, Places } from './places.js';

/** Which file has a code. */
const codeShelf = shelf<number>('4shared/code');

/** Notes, or forgets, which file has the code that it keeps. */
export const putCode = (facts: Facts, file: File): void => codeShelf.put(facts, factsOfFile(file).code, file.id);
export const dropCode = (facts: Facts, file: File): void => codeShelf.delete(facts, factsOfFile(file).code);

/** The file with this code, of whatever account; nothing where it is in a recycle bin. */
export const fileByCode = async (
  { catalog, places }: { catalog: Catalog; places: Places },
  facts: FactReader,
  code: string,
): Promise<FilePlace | undefined> => {
  const id = /^[0-9a-z]+$/.test(code) ? await codeShelf.get(facts, code) : undefined;
  const file = id === undefined ? undefined : await catalog.findFile(facts, id);
  const place = file && (await places.findPlace(facts, file.folder));
  return place && !place.removed ? { file, place } : undefined;
};
