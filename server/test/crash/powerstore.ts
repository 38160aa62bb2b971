import { isName, type Name, type Place, type Store } from '../../src/engine/ports.js';
import { type Blocks, blocks } from '../../src/stores/memory/blocks.js';
import type { Power, Random } from './power.js';

/** What a store holds when it comes up again. */
export type KeptFiles = ReadonlyMap<string, Blocks>;

type Change = { readonly position: number; readonly bytes: Uint8Array } | { readonly truncatedTo: number };

interface File {
  /** What a reader sees. */
  readonly seen: Blocks;
  /** What is durable. */
  readonly durable: Blocks;
  /** What leads from the one to the other. */
  readonly changes: Change[];
}

/** A change of names: `file` now stands at `to`, and no longer at `from`. Durable once the folder is synced. */
interface Naming {
  readonly folder: Place['kind'];
  readonly file: File;
  readonly from: string | null;
  readonly to: string | null;
  durable: boolean;
}

const apply = (file: Blocks, change: Change) => {
  if ('bytes' in change) file.write(change.position, [change.bytes], 0);
  else file.truncate(change.truncatedTo);
};

const copyOf = (file: Blocks): Blocks => {
  const copy = blocks();
  copy.write(0, [...file.read(0, file.size)], file.modifiedAt);
  return copy;
};

/**
 * What the disk made of a change that nobody synced: all of it, nothing, a stretch of it, or zeros where the file grew.
 * Bytes that were durable are only ever replaced by written ones.
 */
const survivors = (change: Change, size: number, random: Random): Change[] => {
  const luck = random();
  if (luck < 0.25) return [];
  if (luck < 0.5 || !('bytes' in change)) return [change];
  const { position, bytes } = change;
  if (luck < 0.65) {
    const start = Math.max(position, size);
    return [{ position: start, bytes: new Uint8Array(Math.max(0, position + bytes.length - start)) }];
  }
  const first = Math.floor(random() * bytes.length);
  const last = first + Math.floor(random() * (bytes.length - first + 1));
  return [{ position: position + first, bytes: bytes.slice(first, last) }];
};

/** A store that remembers what is durable. `kept(lost)`: what is found again, if power is lost or not. */
export const powerStore = (
  power: Power,
  begin: KeptFiles = new Map(),
): { store: Store; kept(lost: boolean): KeptFiles } => {
  const names = new Map<string, File>();
  for (const [path, file] of begin) names.set(path, { seen: file, durable: copyOf(file), changes: [] });
  const first = new Map(names);
  const namings: Naming[] = [];

  const pathOf = ({ kind, name }: Place): string => {
    power.check();
    if (!isName(name)) throw new Error(`not a name for a store: ${JSON.stringify(name)}`);
    return `${kind}/${name}`;
  };
  const need = (path: string): File => {
    const file = names.get(path);
    if (!file) throw new Error(`nothing is at ${path}`);
    return file;
  };
  const rename = (folder: Place['kind'], file: File, from: string | null, to: string | null) => {
    namings.push({ folder, file, from, to, durable: false });
    if (from !== null) names.delete(from);
    if (to !== null) names.set(to, file);
  };
  const change = (file: File, what: Change) => {
    apply(file.seen, what);
    file.changes.push(what);
  };

  const syncFile = async (file: File) => {
    const last = file.changes.at(-1);
    await power.step();
    // Another sync may have been quicker.
    const count = last === undefined ? 0 : file.changes.indexOf(last) + 1;
    for (const each of file.changes.splice(0, count)) apply(file.durable, each);
  };
  const syncFolder = async (folder: Place['kind']) => {
    const covered = namings.filter((naming) => naming.folder === folder);
    await power.step();
    for (const naming of covered) naming.durable = true;
  };

  const store: Store = {
    name: 'power',
    room: async () => null,
    write: async (part, position, buffers) => {
      const path = pathOf({ kind: 'part', name: part });
      await power.step();
      const file = names.get(path) ?? { seen: blocks(), durable: blocks(), changes: [] };
      if (!names.has(path)) rename('part', file, null, path);
      change(file, { position, bytes: Buffer.concat(buffers) });
    },
    sync: async (part) => {
      const file = need(pathOf({ kind: 'part', name: part }));
      await Promise.all([syncFile(file), syncFolder('part')]);
    },
    read: async function* (place, { start, end }) {
      const { seen } = need(pathOf(place));
      if (seen.size < end) throw new Error(`${place.kind} ${place.name} ends at ${seen.size}, before ${end}`);
      yield* seen.read(start, end);
    },
    size: async (place) => names.get(pathOf(place))?.seen.size ?? null,
    publish: async (part, object, size) => {
      const from = pathOf({ kind: 'part', name: part });
      const to = pathOf({ kind: 'object', name: object });
      const file = names.get(from);
      if (file) {
        if (file.seen.size < size) throw new Error(`${from} has ${file.seen.size} bytes, not ${size}`);
        if (file.seen.size > size) change(file, { truncatedTo: size });
        await syncFile(file);
        rename('object', file, from, to);
      } else if (need(to).seen.size !== size) throw new Error(`${to} does not have ${size} bytes`);
      await syncFolder('object');
    },
    withdraw: async (object, part) => {
      const from = pathOf({ kind: 'object', name: object });
      const to = pathOf({ kind: 'part', name: part });
      const file = names.get(from);
      if (file) rename('part', file, from, to);
      else need(to);
      await syncFolder('part');
    },
    remove: async (place) => {
      const path = pathOf(place);
      await power.step();
      const file = names.get(path);
      if (file) rename(place.kind, file, path, null);
    },
    list: async function* () {
      for (const [path, { seen }] of [...names]) {
        const [kind, name] = path.split('/') as [Place['kind'], Name];
        yield { kind, name, size: seen.size, modifiedAt: Date.now() };
      }
    },
    close: async () => undefined,
  };

  const kept = (lost: boolean): KeptFiles => {
    if (!lost) return new Map([...names].map(([path, { seen }]) => [path, copyOf(seen)]));
    const found = new Map(first);
    for (const { file, from, to, durable } of namings) {
      if (!durable && power.random() < 0.5) continue;
      if (from !== null && found.get(from) === file) found.delete(from);
      if (to !== null) found.set(to, file);
    }
    // A file has one name: where a later one is known, an earlier one that outlived its loss is gone.
    const placed = new Map([...found].map(([path, file]) => [file, path]));
    return new Map(
      [...placed].map(([{ durable, changes }, path]) => {
        const file = copyOf(durable);
        for (const each of changes)
          for (const survivor of survivors(each, file.size, power.random)) apply(file, survivor);
        return [path, file];
      }),
    );
  };

  return { store, kept };
};
