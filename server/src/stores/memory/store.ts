import { isName, type Name, type Place, type Store } from '../../engine/ports.js';
import { Refusal } from '../../engine/refusals.js';
import { type Clock, systemClock } from '../../kit/clock.js';
import { bytesOption, type OptionValues } from '../../kit/options.js';
import { type Blocks, blocks } from './blocks.js';

export const memoryStoreOptions = {
  limit: bytesOption({ help: 'Most bytes the store holds, all files together; 0: no limit.', default: 0 }),
};

/** A store in this process's memory: gone with it. For tests and trials. */
export const openMemoryStore = async (
  { limit }: OptionValues<typeof memoryStoreOptions> = { limit: 0 },
  clock: Pick<Clock, 'now'> = systemClock,
): Promise<Store> => {
  const files = { part: new Map<Name, Blocks>(), object: new Map<Name, Blocks>() };

  const shelfOf = ({ kind, name }: Place): Map<Name, Blocks> => {
    if (!isName(name)) throw new Error(`not a name for a store: ${JSON.stringify(name)}`);
    return files[kind];
  };
  const find = (place: Place) => shelfOf(place).get(place.name);
  const need = (place: Place): Blocks => {
    const file = find(place);
    if (!file) throw new Error(`no ${place.kind} ${place.name} in the memory store`);
    return file;
  };
  const free = (): number => {
    let used = 0;
    for (const shelf of [files.part, files.object]) for (const file of shelf.values()) used += file.size;
    return limit - used;
  };

  return {
    name: 'memory',
    room: async () => (limit === 0 ? null : Math.max(0, free())),
    write: async (part, position, buffers) => {
      const place: Place = { kind: 'part', name: part };
      const shelf = shelfOf(place);
      const file = shelf.get(part) ?? blocks();
      const length = buffers.reduce((sum, each) => sum + each.length, 0);
      const growth = length === 0 ? 0 : position + length - file.size;
      if (limit !== 0 && growth > 0 && growth > free()) throw new Refusal('no-room', { needed: growth, free: free() });
      shelf.set(part, file);
      file.write(position, buffers, clock.now());
    },
    sync: async (part) => {
      need({ kind: 'part', name: part });
    },
    read: async function* (place, { start, end }) {
      const file = need(place);
      if (file.size < end) throw new Error(`${place.kind} ${place.name} ends at ${file.size}, before ${end}`);
      yield* file.read(start, end);
    },
    size: async (place) => find(place)?.size ?? null,
    publish: async (part, object, size) => {
      const from = find({ kind: 'part', name: part });
      const shelf = shelfOf({ kind: 'object', name: object });
      const file = from ?? need({ kind: 'object', name: object });
      if (from ? file.size < size : file.size !== size)
        throw new Error(`${from ? `part ${part}` : `object ${object}`} has ${file.size} bytes, not ${size}`);
      file.truncate(size);
      shelf.set(object, file);
      files.part.delete(part);
    },
    withdraw: async (object, part) => {
      const shelf = shelfOf({ kind: 'part', name: part });
      const file = find({ kind: 'object', name: object });
      shelf.set(part, file ?? need({ kind: 'part', name: part }));
      files.object.delete(object);
    },
    remove: async (place) => {
      shelfOf(place).delete(place.name);
    },
    list: async function* () {
      for (const kind of ['part', 'object'] as const)
        for (const [name, { size, modifiedAt }] of [...files[kind]]) yield { kind, name, size, modifiedAt };
    },
    close: async () => undefined,
  };
};
