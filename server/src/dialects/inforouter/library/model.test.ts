import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FactReader, Facts } from '../../../engine/ports.js';
import { isRefusal } from '../../../engine/refusals.js';
import { manualClock } from '../../../kit/clock.js';
import { openMemoryLedger } from '../../../ledgers/memory/ledger.js';
import { callerOf } from '../../../services/accounts/caller.js';
import type { Folder } from '../../../services/catalog/catalog.js';
import { openCatalog } from '../../../services/catalog/open.js';
import { Problem } from '../problems.js';
import { type Library, openLibrary } from './library.js';

/** The simplest thing that could be a library: paths, and of documents the objects of their versions. */
type Tree = Map<string, 'folder' | readonly string[]>;

const key = (path: string) => path.toLowerCase();
const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/'));
const below = (tree: Tree, path: string) => [...tree].filter(([each]) => each === path || each.startsWith(`${path}/`));

/** Does a step to a model; `false`: it must be refused. */
const model: Record<string, (tree: Tree, from: string, to: string, object: string) => boolean> = {
  put: (tree, path, _, object) => {
    const there = tree.get(path);
    if (tree.get(parentOf(path)) !== 'folder' || there === 'folder') return false;
    tree.set(path, [...(there ?? []), object]);
    return true;
  },
  make: (tree, path) => {
    if (tree.has(path)) return false;
    const missing: string[] = [];
    let at = path;
    for (; !tree.has(at); at = parentOf(at)) missing.push(at);
    if (tree.get(at) !== 'folder') return false;
    for (const each of missing) tree.set(each, 'folder');
    return true;
  },
  move: (tree, from, to) => {
    const taken = tree.has(to) && from !== to;
    if (!tree.has(from) || tree.get(parentOf(to)) !== 'folder' || to.startsWith(`${from}/`) || taken) return false;
    const moved = below(tree, from);
    for (const [each] of moved) tree.delete(each);
    for (const [each, what] of moved) tree.set(to + each.slice(from.length), what);
    return true;
  },
  copy: (tree, from, to) => {
    if (!tree.has(from) || tree.get(parentOf(to)) !== 'folder' || to.startsWith(`${from}/`) || tree.has(to))
      return false;
    for (const [each, what] of below(tree, from))
      tree.set(to + each.slice(from.length), what === 'folder' ? what : what.slice(-1));
    return true;
  },
  deleteDocument: (tree, path) => tree.has(path) && tree.get(path) !== 'folder' && tree.delete(path),
  deleteFolder: (tree, path) => {
    if (tree.get(path) !== 'folder') return false;
    for (const [each] of below(tree, path)) tree.delete(each);
    return true;
  },
};

const name = fc.constantFrom('a', 'b', 'A');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => ['/lib', ...names].join('/'));
const verb = fc.constantFrom('put', 'put', 'make', 'move', 'copy', 'deleteDocument', 'deleteFolder');
const caller = callerOf({ name: 'ann', role: 'uploader', createdAt: 0, quota: null });

const treeOf = async (library: Library, facts: FactReader): Promise<Tree> => {
  const tree: Tree = new Map();
  const visit = async (folder: Folder, path: string): Promise<void> => {
    tree.set(key(path), 'folder');
    for (const each of await library.foldersIn(facts, folder)) await visit(each, `${path}/${each.name}`);
    for (const { file } of await library.documentsIn(facts, folder))
      tree.set(
        key(`${path}/${file.name}`),
        file.versions.map(({ object }) => object),
      );
  };
  await visit(await library.needFolder(facts, '/lib'), '/lib');
  return tree;
};

const sorted = (tree: Tree) => [...tree].toSorted(([a], [b]) => (a < b ? -1 : 1));

test('check-ins, folders, moves, copies and removals agree with a simple model', async () => {
  const step = fc.record({ verb, from: path, to: path });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
      const ledger = await openMemoryLedger();
      const clock = manualClock();
      const catalog = openCatalog({ clock });
      const library = openLibrary(
        { catalog, clock },
        { libraries: ['lib'], autoCreateLibraries: false, requireCheckout: false, checkoutFlagKeepsLock: false },
      );
      await ledger.transact((facts) => library.ensureLibraries(facts));
      const tree: Tree = new Map([['/lib', 'folder']]);

      const run = (facts: Facts, verb: string, from: string, to: string, object: string): Promise<unknown> => {
        const version = { object, size: 1, digests: { crc32: '00000000' }, by: 'ann', upload: object };
        if (verb === 'put') return library.checkIn(facts, caller, from, version);
        if (verb === 'make') return library.createFolder(facts, caller, from);
        if (verb === 'move') return library.move(facts, caller, from, to);
        if (verb === 'copy') return library.copy(facts, caller, from, to);
        if (verb === 'deleteDocument') return library.deleteDocument(facts, caller, from);
        return library.deleteFolder(facts, caller, from);
      };

      const ever: string[] = [];
      for (const [index, { verb, from, to }] of steps.entries()) {
        const object = `o${index}`;
        const done = await ledger
          .transact((facts) => run(facts, verb, from, to, object))
          .then(() => true)
          .catch((error: unknown) => {
            if (!(error instanceof Problem) && !isRefusal(error)) throw error;
            return false;
          });
        expect({ verb, from, to, done }).toEqual({
          verb,
          from,
          to,
          done: model[verb]?.(tree, key(from), key(to), object),
        });
        if (done && verb === 'put') ever.push(object);
      }
      await ledger.read(async (facts) => {
        expect(sorted(await treeOf(library, facts))).toEqual(sorted(tree));
        const used = new Set([...tree.values()].flatMap((each) => (each === 'folder' ? [] : each)));
        const unused = ever.filter((each) => !used.has(each)).toSorted();
        expect(await catalog.unused(facts)).toEqual(unused);
      });
    }),
    { numRuns: 150 },
  );
});
