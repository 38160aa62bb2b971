import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FactReader, Facts } from '../../../engine/ports.js';
import { isRefusal } from '../../../engine/refusals.js';
import { manualClock } from '../../../kit/clock.js';
import { countingIds } from '../../../kit/ids.js';
import { openMemoryLedger } from '../../../ledgers/memory/ledger.js';
import type { Catalog } from '../../../services/catalog/catalog.js';
import { openCatalog } from '../../../services/catalog/open.js';
import { type Drive, type Home, openDrive } from './drive.js';
import { factsOfFile, factsOfFolder } from './facts.js';

/** The simplest thing that could be in a drive. */
interface Node {
  /** Not known of what lies in a copied folder. */
  readonly id: number | undefined;
  /** The object of a file; undefined for a folder. */
  readonly object: string | undefined;
  name: string;
  /** Undefined for the root, and for what was removed. */
  parent: Node | undefined;
  /** Where what was removed came from. */
  from: Node | undefined;
}

/** A drive, and what it should be. */
interface World {
  readonly nodes: Set<Node>;
  readonly root: Node;
}

const isFolder = (node: Node) => node.object === undefined;
const isWithin = (node: Node | undefined, outer: Node): boolean =>
  node !== undefined && (node === outer || isWithin(node.parent, outer));
const isLive = ({ nodes, root }: World, node: Node): boolean => nodes.has(node) && isWithin(node, root);
const childrenOf = ({ nodes }: World, node: Node) => [...nodes].filter(({ parent }) => parent === node);
const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
const isTaken = (world: World, parent: Node, { name, ...node }: Pick<Node, 'name' | 'object'>) =>
  childrenOf(world, parent).some((each) => isFolder(each) === isFolder({ ...node } as Node) && same(each.name, name));

const erase = (world: World, node: Node): void => {
  for (const child of childrenOf(world, node)) erase(world, child);
  world.nodes.delete(node);
};

const copy = (world: World, node: Node, parent: Node): Node => {
  const children = childrenOf(world, node);
  const made: Node = { ...node, id: undefined, parent, from: undefined };
  world.nodes.add(made);
  for (const child of children) copy(world, child, made);
  return made;
};

/** Puts a node elsewhere, or says that its place is taken. */
const place = (world: World, node: Node, parent: Node, name: string): boolean => {
  const stays = parent === node.parent && same(name, node.name);
  if (!stays && isTaken(world, parent, { name, object: node.object })) return false;
  node.name = name;
  node.parent = parent;
  return true;
};

type Step = (world: World, node: Node, to: Node, name: string) => boolean;

/** Does a step to the model; `false`: it must be refused, and `true` also where nothing happens. */
const model: Readonly<Record<string, Step>> = {
  rename: (world, node, _to, name) =>
    isLive(world, node) && node.parent !== undefined && place(world, node, node.parent, name),
  move: (world, node, to) => {
    if (node === world.root || !isLive(world, node) || !isLive(world, to) || !isFolder(to)) return false;
    return !isWithin(to, node) && place(world, node, to, node.name);
  },
  copy: (world, node, to) => {
    if (node === world.root || !isLive(world, node) || !isLive(world, to) || !isFolder(to)) return false;
    if (isWithin(to, node) || isTaken(world, to, node)) return false;
    copy(world, node, to);
    return true;
  },
  remove: (world, node) => {
    if (node === world.root) return false;
    if (isLive(world, node)) {
      node.from = node.parent;
      node.parent = undefined;
    }
    return true;
  },
  erase: (world, node) => {
    if (node === world.root) return false;
    if (world.nodes.has(node)) erase(world, node);
    return true;
  },
  restore: (world, node) => {
    if (!world.nodes.has(node) || isLive(world, node)) return true;
    const origin = node.from ?? node.parent;
    const to = origin && isLive(world, origin) ? origin : world.root;
    let name = node.name;
    for (let number = 2; isFolder(node) && isTaken(world, to, { ...node, name }); number += 1)
      name = `${node.name} (${number})`;
    Object.assign(node, { name, parent: to, from: undefined });
    return true;
  },
  empty: (world) => {
    for (const node of [...world.nodes]) if (node !== world.root && node.parent === undefined) erase(world, node);
    return true;
  },
};

/** What a folder holds, or the bin: names, objects, and what is in folders. */
type Tree = readonly string[];

const modelTree = (world: World, parent: Node | undefined): Tree =>
  [...world.nodes]
    .filter((node) => node.parent === parent && node !== world.root)
    .map((node) => JSON.stringify([node.name, node.object ?? modelTree(world, node)]))
    .sort();

const realTree = async ({ catalog, drive }: Parts, facts: FactReader, id: number): Promise<Tree> => {
  const found: string[] = [];
  for (const folder of await catalog.folders(facts, id))
    found.push(
      JSON.stringify([
        factsOfFolder(folder).removed?.name ?? folder.name,
        await realTree({ catalog, drive }, facts, folder.id),
      ]),
    );
  for await (const { name, versions } of drive.filesIn(facts, id))
    found.push(JSON.stringify([name, versions[0].object]));
  return found.sort();
};

interface Parts {
  readonly catalog: Catalog;
  readonly drive: Drive;
}

const emptied = async (drive: Drive, facts: Facts, home: Home): Promise<void> => {
  while ((await drive.emptySome(facts, home)).items > 0);
};

const real =
  ({ drive }: Parts, home: Home) =>
  async (facts: Facts, verb: string, node: Node, to: Node, name: string): Promise<void> => {
    const [id, target] = [node.id ?? 0, to.id ?? 0];
    const folder = isFolder(node);
    const pasting = { to: target, cut: verb === 'move', files: folder ? [] : [id], folders: folder ? [id] : [] };
    if (verb === 'rename') await (folder ? drive.renameFolder : drive.renameFile)(facts, home, id, name);
    else if (verb === 'move' || verb === 'copy') await drive.paste(facts, home, pasting);
    else if (verb === 'remove') await (folder ? drive.removeFolder : drive.removeFile)(facts, home, id);
    else if (verb === 'erase') await (folder ? drive.deleteFolder : drive.deleteFile)(facts, home, id);
    else if (verb === 'restore') await drive.restore(facts, home, id);
    else await emptied(drive, facts, home);
  };

const step = fc.record({
  verb: fc.constantFrom('addFile', 'addFile', 'addFolder', 'addFolder', ...Object.keys(model)),
  node: fc.nat(20),
  to: fc.nat(20),
  name: fc.constantFrom('a', 'b', 'A'),
});

test('adding, renaming, moving, copying, removing, restoring and deleting agree with a simple model', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      const ledger = await openMemoryLedger();
      const clock = manualClock();
      const catalog = openCatalog({ clock });
      const drive = openDrive({ catalog, clock, ids: countingIds() });
      const home = await ledger.transact((facts) => drive.makeHome(facts, 'ann'));
      const root: Node = { id: home.drive, object: undefined, name: '', parent: undefined, from: undefined };
      const world: World = { nodes: new Set([root]), root };
      const run = real({ catalog, drive }, home);
      /** What was ever there: steps are also taken on what is gone. */
      const known: Node[] = [root];
      const objects: string[] = [];

      const tried = async <T>(work: (facts: Facts) => Promise<T>): Promise<T | undefined> => {
        try {
          return await ledger.transact(work);
        } catch (error) {
          if (isRefusal(error)) return undefined;
          throw error;
        }
      };

      const add = async (kind: string, to: Node, name: string, object: string): Promise<boolean> => {
        const made = await tried(async (facts) => {
          if (kind === 'addFolder')
            return drive.addFolder(facts, home, await drive.liveFolder(facts, home, to.id ?? 0), name);
          const version = { object, size: 1, digests: { crc32: '00000000' }, by: 'ann', upload: object };
          const id = await drive.reserveId(facts);
          return drive.addFile(facts, home, { id, dir: to.id ?? 0, name, version });
        });
        const folder = isLive(world, to) && isFolder(to) ? to : root;
        const file = kind === 'addFile';
        if (!file && (folder !== to || isTaken(world, to, { name, object: undefined }))) return made === undefined;
        const node: Node = { id: made?.id, object: file ? object : undefined, name, parent: folder, from: undefined };
        world.nodes.add(node);
        known.push(node);
        if (file) objects.push(object);
        return made !== undefined;
      };

      for (const [index, { verb, ...chosen }] of steps.entries()) {
        const [node, to] = [known[chosen.node % known.length] ?? root, known[chosen.to % known.length] ?? root];
        const judge = model[verb];
        if (!judge) {
          expect([verb, await add(verb, to, chosen.name, `o${index}`)]).toEqual([verb, true]);
          continue;
        }
        const done = await tried(async (facts) => {
          await run(facts, verb, node, to, chosen.name);
          return true;
        });
        expect([verb, done ?? false]).toEqual([verb, judge(world, node, to, chosen.name)]);
      }

      await ledger.read(async (facts) => {
        expect(await realTree({ catalog, drive }, facts, home.drive)).toEqual(modelTree(world, root));
        expect(await realTree({ catalog, drive }, facts, home.bin)).toEqual(modelTree(world, undefined));
        const used = new Set([...world.nodes].map(({ object }) => object));
        expect(await catalog.unused(facts)).toEqual(objects.filter((each) => !used.has(each)).sort());
        for (const node of known.filter(({ object }) => object !== undefined)) {
          const found = await drive.findFile(facts, home, node.id ?? 0);
          expect(found !== undefined).toBe(world.nodes.has(node));
          const linked = found && (await drive.fileByCode(facts, factsOfFile(found.file).code));
          expect(linked !== undefined).toBe(isLive(world, node));
        }
      });
    }),
    { numRuns: 200 },
  );
});
