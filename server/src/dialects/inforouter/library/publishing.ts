import { problems } from '../problems.js';
import { metadataOf, versionOf } from './document.js';
import type { Library } from './library.js';
import { judgeHolder } from './locks.js';
import type { LibraryParts } from './places.js';

/** The library's verb that publishes. */
export const publishing = ({ catalog, clock, places }: LibraryParts): Pick<Library, 'publish'> => ({
  publish: async (facts, caller, path, number) => {
    const document = await places.needDocument(facts, path);
    const { file, facts: known, versions, latest } = document;
    const { name } = caller.account;
    caller.need('update');
    const own = file.owner === name || versions.some(({ by }) => by === name);
    if (!own && !caller.may('admin')) throw problems.accessDenied();
    judgeHolder(document, caller);
    const version = number === 0 ? latest : versionOf(document, number);
    const now = clock.now();
    const metadata = metadataOf({
      ...known,
      rule: number === 0 ? 'LATEST' : 'SPESIFICVERSION',
      published: version.number,
      versions: known.versions.map((each) => (each.number === version.number ? { ...each, publishedAt: now } : each)),
    });
    await catalog.amendFile(facts, file.id, { metadata });
  },
});
