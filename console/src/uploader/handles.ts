// What Chromium browsers have of the File System Access API beyond what TypeScript's library knows of. Every part may be missing.
declare global {
  interface FileSystemHandle {
    queryPermission?(what: { readonly mode: 'read' }): Promise<PermissionState>;
    requestPermission?(what: { readonly mode: 'read' }): Promise<PermissionState>;
  }
  interface DataTransferItem {
    getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
  }
  interface Window {
    showOpenFilePicker?(options: { readonly multiple: boolean; readonly id: string }): Promise<FileSystemFileHandle[]>;
    showDirectoryPicker?(options: { readonly id: string }): Promise<FileSystemDirectoryHandle>;
  }
}

/** What was chosen and leads to its bytes again after a reload: a file, or a folder with all that is in it. */
export interface Root {
  readonly id: string;
  readonly handle: FileSystemHandle;
}

const read = { mode: 'read' } as const;

/** Whether the browser keeps handles of chosen files and folders, so that nobody has to choose them again after a reload. */
export const keepsHandles = (): boolean => 'getAsFileSystemHandle' in DataTransferItem.prototype;

/** Whether what was chosen may be read without asking, after asking, or not at all. */
export const permission = async ({ handle }: Root): Promise<PermissionState> =>
  (await handle.queryPermission?.(read)) ?? 'denied';

/** Asks the person for leave to read. Only while the browser sees that the person just did something. */
export const askPermission = async ({ handle }: Root): Promise<PermissionState> =>
  (await handle.requestPermission?.(read)) ?? 'denied';

export const isFile = (handle: FileSystemHandle): handle is FileSystemFileHandle => handle.kind === 'file';
export const isFolder = (handle: FileSystemHandle): handle is FileSystemDirectoryHandle => handle.kind === 'directory';

/** The file at `path`, whose first part is the name of the root. Rejects where it is gone, or may not be read. */
export const fileAt = async ({ handle }: Root, path: string): Promise<File> => {
  const [, ...inside] = path.split('/');
  const name = inside.pop();
  let at = handle;
  if (name === undefined || !isFolder(at)) {
    if (!isFile(at)) throw new TypeError(`${path} is a folder`);
    return at.getFile();
  }
  for (const part of inside) at = await (at as FileSystemDirectoryHandle).getDirectoryHandle(part);
  return (await (at as FileSystemDirectoryHandle).getFileHandle(name)).getFile();
};
