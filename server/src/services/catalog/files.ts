import type { FactReader, Facts } from '../../engine/ports.js';
import { Refusal } from '../../engine/refusals.js';
import type { Clock } from '../../kit/clock.js';
import type { Catalog, File, FileChange, NewFile, NewVersion } from './catalog.js';
import type { FolderVerbs } from './folders.js';
import { dropFile, nameWithin, ownerWithin, putFile, refer, unreferAll } from './indexes.js';
import { nameKey, needName, numbered } from './names.js';
import {
  digestShelf,
  fileNameShelf,
  fileShelf,
  filesOf,
  idKey,
  needFile,
  needFolder,
  needReserved,
  nextId,
  ownerShelf,
  unusedShelf,
} from './records.js';
import { typeOf } from './types.js';

/** Files a list holds unless told. */
const page = 1000;

const isTaken = async (facts: FactReader, folder: number, name: string): Promise<boolean> =>
  (await fileNameShelf.list(facts, { within: nameWithin(folder, name), limit: 1 })).length > 0;

/** A name like this one that nobody has. Looks at few names, also where very many are taken. */
const freeName = async (facts: FactReader, folder: number, name: string): Promise<string> => {
  const taken = (number: number) => isTaken(facts, folder, numbered(name, number));
  let low = 1;
  let high = 2;
  while (await taken(high)) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await taken(middle)) low = middle;
    else high = middle;
  }
  return numbered(name, high);
};

const newest = async (facts: FactReader, folder: number, name: string): Promise<File> => {
  const entries = await fileNameShelf.list(facts, { within: nameWithin(folder, name), reverse: true, limit: 1 });
  const [file] = await filesOf(facts, entries);
  if (!file) throw new Error(`no file of the name ${name} in folder ${folder}`);
  return file;
};

/** The catalog's verbs about files. */
export const filesOfCatalog = (clock: Clock): Omit<Catalog, keyof FolderVerbs | 'removeTree'> => {
  /** The file as it is after the change; refuses a name or folder that will not do. */
  const changed = async (facts: Facts, file: File, change: FileChange): Promise<File> => {
    const { name = file.name, folder = file.folder, type, metadata = file.metadata, onTaken = 'refuse' } = change;
    needName(name);
    await needFolder(facts, folder);
    const elsewhere = folder !== file.folder || nameKey(name) !== nameKey(file.name);
    if (elsewhere && onTaken === 'refuse' && (await isTaken(facts, folder, name)))
      throw new Refusal('name-taken', { name });
    const keptType = change.name === undefined ? file.type : typeOf(name, file.type);
    return {
      ...file,
      name,
      folder,
      type: type === undefined ? keptType : typeOf(name, type),
      metadata,
      modifiedAt: clock.now(),
    };
  };

  const addVersion = async (facts: Facts, id: number, version: NewVersion, change: FileChange = {}): Promise<File> => {
    const old = await needFile(facts, id);
    const next = await changed(facts, old, change);
    const number = Math.max(...old.versions.map((each) => each.number)) + 1;
    const file: File = { ...next, versions: [...old.versions, { ...version, number, createdAt: clock.now() }] };
    await refer(facts, version);
    dropFile(facts, old);
    putFile(facts, file);
    return file;
  };

  const addNew = async (facts: Facts, spec: NewFile, name: string): Promise<File> => {
    const now = clock.now();
    if (spec.id !== undefined) await needReserved(facts, spec.id);
    const file: File = {
      id: spec.id ?? (await nextId(facts)),
      folder: spec.folder,
      name,
      type: typeOf(name, spec.type),
      owner: spec.owner,
      dialect: spec.dialect,
      createdAt: now,
      modifiedAt: now,
      versions: [{ ...spec.version, number: 1, createdAt: now }],
      metadata: spec.metadata ?? null,
    };
    await refer(facts, spec.version);
    putFile(facts, file);
    return file;
  };

  return {
    addVersion,
    reserveId: nextId,
    addFile: async (facts, spec) => {
      needName(spec.name);
      await needFolder(facts, spec.folder);
      if (spec.onTaken === 'twin' || !(await isTaken(facts, spec.folder, spec.name)))
        return addNew(facts, spec, spec.name);
      if (spec.onTaken === 'refuse') throw new Refusal('name-taken', { name: spec.name });
      if (spec.onTaken === 'rename') return addNew(facts, spec, await freeName(facts, spec.folder, spec.name));
      const { id } = await newest(facts, spec.folder, spec.name);
      return addVersion(facts, id, spec.version, {
        ...(spec.type !== undefined && { type: spec.type }),
        ...(spec.metadata !== undefined && { metadata: spec.metadata }),
      });
    },
    amendFile: async (facts, id, change) => {
      const old = await needFile(facts, id);
      const file = await changed(facts, old, change);
      dropFile(facts, old);
      putFile(facts, file);
      return file;
    },
    file: needFile,
    findFile: (facts, id) => fileShelf.get(facts, idKey(id)),
    findByName: async (facts, folder, name) =>
      filesOf(facts, await fileNameShelf.list(facts, { within: nameWithin(folder, name) })),
    findByDigest: async (facts, algorithm, hex) => {
      if (!/^[0-9a-f]+$/i.test(hex)) return [];
      return filesOf(facts, await digestShelf.list(facts, { within: `${algorithm}/${hex.toLowerCase()}/` }));
    },
    files: async (facts, folder, { after, limit = page } = {}) => {
      const within = `${idKey(folder)}/`;
      // '~' is behind every id, so this is behind all files of that name.
      const from = after === undefined || after === '' ? {} : { after: `${nameWithin(folder, after)}~` };
      const entries = await fileNameShelf.list(facts, { within, limit, ...from });
      const last = entries.at(-1);
      const twins = last && { within: last.id.slice(0, last.id.lastIndexOf('/') + 1), after: last.id };
      const rest = twins && entries.length === limit ? await fileNameShelf.list(facts, twins) : [];
      return filesOf(facts, [...entries, ...rest]);
    },
    recent: async (facts, { before, limit = page, owner } = {}) => {
      const within = owner === undefined ? '' : ownerWithin(owner);
      const from = before === undefined ? {} : { after: within + idKey(before) };
      const query = { within, limit, reverse: true, ...from };
      if (owner !== undefined) return filesOf(facts, await ownerShelf.list(facts, query));
      return (await fileShelf.list(facts, query)).map(({ value }) => value);
    },
    removeFile: async (facts, id) => {
      const file = await needFile(facts, id);
      dropFile(facts, file);
      return unreferAll(facts, file.versions);
    },
    removeVersion: async (facts, id, number) => {
      const old = await needFile(facts, id);
      const gone = old.versions.filter((version) => version.number === number);
      const [first, ...rest] = old.versions.filter((version) => version.number !== number);
      if (gone.length === 0) throw new Refusal('no-such-file', { id: `${id}, version ${number}` });
      if (!first) throw new Refusal('malformed', { reason: 'A file has at least one version.' });
      const file: File = { ...old, versions: [first, ...rest], modifiedAt: clock.now() };
      dropFile(facts, old);
      putFile(facts, file);
      return { file, unused: await unreferAll(facts, gone) };
    },
    unused: async (facts, limit = 100) => (await unusedShelf.list(facts, { limit })).map(({ id }) => id),
    freed: (facts, object) => unusedShelf.delete(facts, object),
  };
};
