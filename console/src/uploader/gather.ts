import { isFile, isFolder, type Root } from './handles.js';
import { randomId } from './ids.js';

/** A file that somebody chose. */
export interface Chosen {
  readonly file: File;
  /** From the chosen folder down: `Photos/2026/a.jpg`; the name alone of a file that was chosen by itself. */
  readonly path: string;
  /** What leads to it after a reload; null where the browser has no such thing. */
  readonly root: Root | null;
}

/** Files as they are found; a folder may have many. */
export type Choice = AsyncIterable<Chosen>;

const byName = new Intl.Collator(undefined, { numeric: true });

/** What lies in a folder as people list it: files first, each kind by name. */
const inOrder = <T extends { readonly name: string }>(children: readonly T[], isFolderOf: (child: T) => boolean): T[] =>
  children.toSorted((a, b) => Number(isFolderOf(a)) - Number(isFolderOf(b)) || byName.compare(a.name, b.name));

async function* walkHandle(root: Root, handle: FileSystemHandle, path: string): Choice {
  if (isFile(handle)) yield { file: await handle.getFile(), path, root };
  else if (isFolder(handle)) {
    const children: FileSystemHandle[] = [];
    for await (const child of handle.values()) children.push(child);
    for (const child of inOrder(children, isFolder)) yield* walkHandle(root, child, `${path}/${child.name}`);
  }
}

const fromHandle = (handle: FileSystemHandle): Choice => walkHandle({ id: randomId(), handle }, handle, handle.name);

const isFileEntry = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolderEntry = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

async function* walkEntry(entry: FileSystemEntry): Choice {
  // `fullPath` begins with a slash.
  const path = entry.fullPath.replace(/^\//, '');
  if (isFileEntry(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    yield { file, path, root: null };
  } else if (isFolderEntry(entry)) {
    const reader = entry.createReader();
    const some = () => new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    // A reader gives a hundred at a time, and none when it is through.
    const children: FileSystemEntry[] = [];
    for (let entries = await some(); entries.length > 0; entries = await some()) children.push(...entries);
    for (const child of inOrder(children, isFolderEntry)) yield* walkEntry(child);
  }
}

async function* fromHandles(handles: readonly Promise<FileSystemHandle | null>[]): Choice {
  for (const handle of await Promise.all(handles)) if (handle !== null) yield* fromHandle(handle);
}

async function* fromEntries(items: readonly { entry: FileSystemEntry | null; file: File | null }[]): Choice {
  for (const { entry, file } of items) {
    if (entry !== null) yield* walkEntry(entry);
    else if (file !== null) yield { file, path: file.name, root: null };
  }
}

/** What was dropped or pasted: files, and folders with all that is in them. To be called while the event is handled. */
export const fromTransfer = (transfer: DataTransfer): Choice => {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const handles = items.map((item) => item.getAsFileSystemHandle?.().catch(() => null));
  // What was copied from within a page, a picture for instance, is no file on a disk.
  const onDisk = items.every((item) => item.webkitGetAsEntry() !== null);
  if (onDisk && handles.every((handle) => handle !== undefined)) return fromHandles(handles);
  return fromEntries(items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() })));
};

/** What was chosen with an `<input type="file">`, of files or of a folder. */
export async function* fromInput(files: Iterable<File>): Choice {
  for (const file of files)
    yield { file, path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath, root: null };
}

const isDismissed = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

async function* fromPicker(pick: () => Promise<readonly FileSystemHandle[]>): Choice {
  let handles: readonly FileSystemHandle[];
  try {
    handles = await pick();
  } catch (error) {
    if (isDismissed(error)) return;
    throw error;
  }
  for (const handle of handles) yield* fromHandle(handle);
}

/** Lets a person choose files by the browser's picker that gives handles; undefined where there is none. */
export const pickFiles = (): Choice | undefined => {
  const pick = window.showOpenFilePicker?.bind(window);
  return pick && fromPicker(() => pick({ multiple: true, id: 'upload' }));
};

/** The same for a folder. */
export const pickFolder = (): Choice | undefined => {
  const pick = window.showDirectoryPicker?.bind(window);
  return pick && fromPicker(async () => [await pick({ id: 'upload-folder' })]);
};
