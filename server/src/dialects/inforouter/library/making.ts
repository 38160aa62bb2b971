import type { Facts } from '../../../engine/ports.js';
import type { Caller } from '../../../services/accounts/accounts.js';
import type { Folder } from '../../../services/catalog/catalog.js';
import { problems } from '../problems.js';
import { folderMetadata } from './folder.js';
import type { Library } from './library.js';
import { cleanName, readPath } from './paths.js';
import { isDocument, type LibraryParts, rootName } from './places.js';

/** The library's verbs that make folders. */
export const making = ({
  catalog,
  options,
  places,
}: LibraryParts): Pick<Library, 'ensureLibraries' | 'createFolder' | 'createFolderIn'> => {
  const addIn = async (
    facts: Facts,
    caller: Caller,
    { parent, name, description }: { parent: Folder; name: string; description: string },
  ): Promise<Folder> => {
    const taken = await places.childOf(facts, parent, name);
    if (taken) throw isDocument(taken) ? problems.documentExists() : problems.folderExists();
    const metadata = folderMetadata({ description, owner: caller.account.name });
    return catalog.addFolder(facts, { parent: parent.id, name: cleanName(name), metadata });
  };

  const addLibrary = async (facts: Facts, caller: Caller, name: string): Promise<Folder> => {
    if (!options.autoCreateLibraries) throw problems.folderNotFound();
    return addIn(facts, caller, { parent: await catalog.root(facts, rootName), name, description: '' });
  };

  return {
    ensureLibraries: async (facts) => {
      const root = await catalog.root(facts, rootName);
      for (const name of options.libraries) await catalog.ensureFolder(facts, root.id, [cleanName(name)]);
    },
    createFolder: async (facts, caller, path) => {
      caller.need('upload');
      const address = readPath(path);
      const [first, ...names] = 'names' in address ? address.names : [];
      const library = first === undefined ? undefined : await places.folderAt(facts, [first]);
      if (first === undefined || (library && names.length === 0)) throw problems.rootLevel();
      let at = library ?? (await addLibrary(facts, caller, first));
      for (const [index, name] of names.entries()) {
        const there = index < names.length - 1 && (await places.childOf(facts, at, name));
        at = there && !isDocument(there) ? there : await addIn(facts, caller, { parent: at, name, description: '' });
      }
      return at;
    },
    createFolderIn: async (facts, caller, { folder, name, description }) => {
      caller.need('upload');
      const address = readPath(folder);
      if ('names' in address && address.names.length === 0) throw problems.rootLevel();
      return addIn(facts, caller, { parent: await places.needFolder(facts, folder), name, description });
    },
  };
};
