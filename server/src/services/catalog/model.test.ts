import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Facts } from '../../engine/ports.js';
import { isRefusal } from '../../engine/refusals.js';
import { manualClock } from '../../kit/clock.js';
import { openMemoryLedger } from '../../ledgers/memory/ledger.js';
import type { FileChange, NewFile } from './catalog.js';
import { openCatalog } from './open.js';

/** The simplest thing that could be a catalog: a list of files. */
interface Entry {
  id: number;
  folder: number;
  name: string;
  owner: string;
  versions: { object: string; sha1: string }[];
}

const names = ['a', 'A', 'b', 'ß', 'b (2)', '!'];
const pick = (items: number) => fc.nat({ max: items - 1 });
const step = fc.record({
  verb: fc.constantFrom('add', 'version', 'amend', 'remove'),
  file: fc.nat(),
  folder: pick(2),
  name: fc.constantFrom(...names),
  owner: fc.constantFrom('jo', 'j'),
  object: fc.constantFrom('o1', 'o2', 'o3'),
  onTaken: fc.constantFrom('refuse', 'version', 'twin', 'rename'),
  change: fc.boolean(),
});

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
const byName = (key: string) => (a: Entry, b: Entry) => {
  const order = (entry: Entry) => encodeURIComponent(entry.name.toLowerCase()) + key;
  return order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : a.id - b.id;
};
const shape = ({
  id,
  folder,
  name,
  owner,
  versions,
}: {
  id: number;
  folder: number;
  name: string;
  owner: string;
  versions: readonly { object: string; sha1?: string; digests?: { sha1?: string } }[];
}): Entry => ({
  id,
  folder,
  name,
  owner,
  versions: versions.map(({ object, sha1, digests }) => ({ object, sha1: sha1 ?? digests?.sha1 ?? '' })),
});

test('listings, look-ups, digests and reference counts agree with a simple model', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const ledger = await openMemoryLedger();
      const catalog = openCatalog({ clock: manualClock() });
      const folders = await ledger.transact(async (facts) => [
        await catalog.root(facts, 'one'),
        await catalog.root(facts, 'two'),
      ]);
      let model: Entry[] = [];

      const others = (folder: number, name: string, but?: Entry) =>
        model.filter((each) => each !== but && each.folder === folder && same(each.name, name));

      for (const { verb, file, folder: at, name, owner, object, onTaken, change } of steps) {
        const folder = folders[at]?.id ?? 0;
        const sha1 = object === 'o1' ? 'aa' : 'bb';
        const version = { object, size: 1, digests: { crc32: '00000000', sha1 }, by: owner, upload: object };
        const attempt = async <T>(work: (facts: Facts) => Promise<T>): Promise<T | 'refused'> => {
          try {
            return await ledger.transact(work);
          } catch (error) {
            if (isRefusal(error, 'name-taken')) return 'refused';
            throw error;
          }
        };

        if (verb === 'add' || model.length === 0) {
          const taken = others(folder, name);
          const spec: NewFile = { folder, name, owner, dialect: 'x', version, onTaken };
          const added = await attempt((facts) => catalog.addFile(facts, spec));
          if (taken.length > 0 && onTaken === 'refuse') expect(added).toBe('refused');
          else if (added === 'refused') expect.fail('refused');
          else if (taken.length > 0 && onTaken === 'version') {
            expect(added.id).toBe(Math.max(...taken.map((each) => each.id)));
            model.find((each) => each.id === added.id)?.versions.push({ object, sha1 });
          } else {
            expect(model.every((each) => each.id < added.id)).toBe(true);
            if (taken.length > 0 && onTaken === 'rename') expect(others(folder, added.name)).toEqual([]);
            else expect(added.name).toBe(name);
            model.push({ id: added.id, folder, name: added.name, owner, versions: [{ object, sha1 }] });
          }
          continue;
        }

        const entry = model[file % model.length];
        if (!entry) continue;
        if (verb === 'remove') {
          model = model.filter((each) => each !== entry);
          const left = new Set(model.flatMap((each) => each.versions.map((each) => each.object)));
          const gone = new Set(entry.versions.map((each) => each.object).filter((each) => !left.has(each)));
          const said = await ledger.transact((facts) => catalog.removeFile(facts, entry.id));
          expect(said.toSorted()).toEqual([...gone].toSorted());
          continue;
        }
        const changes: FileChange = change ? { name, folder, onTaken: onTaken === 'twin' ? 'twin' : 'refuse' } : {};
        const moves = change && (folder !== entry.folder || !same(name, entry.name));
        const refused = moves && onTaken !== 'twin' && others(folder, name, entry).length > 0;
        const answer = await attempt((facts) =>
          verb === 'version'
            ? catalog.addVersion(facts, entry.id, version, changes)
            : catalog.amendFile(facts, entry.id, changes),
        );
        expect(answer === 'refused').toBe(refused);
        if (refused) continue;
        if (change) Object.assign(entry, { name, folder });
        if (verb === 'version') entry.versions.push({ object, sha1 });
      }

      await ledger.read(async (facts) => {
        expect((await catalog.recent(facts)).map(shape)).toEqual(model.toSorted((a, b) => b.id - a.id));
        expect((await catalog.recent(facts, { owner: 'j' })).map(shape)).toEqual(
          model.filter((each) => each.owner === 'j').toSorted((a, b) => b.id - a.id),
        );
        for (const { id } of folders) {
          const inside = model.filter((each) => each.folder === id).toSorted(byName('/'));
          expect((await catalog.files(facts, id)).map(shape)).toEqual(inside);
          const paged: Entry[] = [];
          for (let after: string | undefined, more = true; more; after = paged.at(-1)?.name) {
            const page = await catalog.files(facts, id, { limit: 2, ...(after !== undefined && { after }) });
            paged.push(...page.map(shape));
            more = page.length > 0;
          }
          expect(paged).toEqual(inside);
          for (const name of names)
            expect((await catalog.findByName(facts, id, name)).map(shape)).toEqual(
              others(id, name).toSorted((a, b) => a.id - b.id),
            );
        }
        for (const sha1 of ['aa', 'bb', 'a'])
          expect((await catalog.findByDigest(facts, 'sha1', sha1)).map(shape)).toEqual(
            model.filter((each) => each.versions.some((each) => each.sha1 === sha1)).toSorted((a, b) => a.id - b.id),
          );
        for (const each of model) expect(shape(await catalog.file(facts, each.id))).toEqual(each);
      });
      // What is unused is what was used once and is not referred to now.
      const used = new Set(model.flatMap((each) => each.versions.map((version) => version.object)));
      const ever: string[] = steps.map(({ object }) => object);
      const unused = await ledger.read((facts) => catalog.unused(facts));
      expect(unused.filter((each) => used.has(each) || !ever.includes(each))).toEqual([]);
      // Removing everything leaves nothing behind but the folders and the counter.
      for (const { id } of model) await ledger.transact((facts) => catalog.removeFile(facts, id));
      await ledger.transact(async (facts) => {
        for (const object of await catalog.unused(facts)) catalog.freed(facts, object);
      });
      const rest = await ledger.read((facts) => facts.list({ prefix: 'catalog/' }));
      expect(rest.map(({ key }) => key.split('/')[1]).toSorted()).toEqual([
        'counter',
        'folder',
        'folder',
        'folder-name',
        'folder-name',
      ]);
    }),
    { numRuns: 150 },
  );
});
