import { objectShelf } from '../../engine/records.js';
import type { File } from '../catalog/catalog.js';
import type { Checking } from './check.js';

const pageSize = 200;

/** Every version in the catalog refers to an object on record. Gives the objects that are referred to and are not. */
export const checkCatalog = async ({ ledger, catalog, found }: Checking): Promise<ReadonlySet<string>> => {
  const missing = new Set<string>();
  let before: number | undefined;
  for (;;) {
    const from = before === undefined ? {} : { before };
    const { page, broken } = await ledger.read(async (facts) => {
      const page = await catalog.recent(facts, { limit: pageSize, ...from });
      const broken: { file: File; number: number; object: string }[] = [];
      for (const file of page)
        for (const { number, object } of file.versions)
          if (!(await objectShelf.get(facts, object))) broken.push({ file, number, object });
      return { page, broken };
    });
    for (const { file, number, object } of broken) {
      missing.add(object);
      await found('catalog-broken', {
        subject: `file ${file.id}`,
        details: `version ${number} of "${file.name}" refers to ${object}`,
      });
    }
    before = page.at(-1)?.id;
    if (page.length < pageSize) return missing;
  }
};
