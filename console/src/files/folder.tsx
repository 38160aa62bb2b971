import type { Folder } from 'longshore/api';
import { useState } from 'preact/hooks';
import { href } from '../app/router.js';
import { api } from '../server/api.js';
import { usePages } from '../server/pages.js';
import { Empty } from '../ui/empty.js';
import { Icon } from '../ui/icon.js';
import { More } from '../ui/more.js';
import { words } from '../words/en.js';
import { FileTable } from './file-table.js';

const { files } = words;

const Path = ({ path }: { readonly path: Folder['path'] }) => (
  <nav aria-label={files.path}>
    <ol class="path">
      {[{ id: 0, name: files.top }, ...path].map(({ id, name }, index, all) => (
        <li key={id}>
          <a href={href('files', 'folder', id)} aria-current={index === all.length - 1 ? 'page' : undefined}>
            {name}
          </a>
        </li>
      ))}
    </ol>
  </nav>
);

const Folders = ({ folders }: { readonly folders: Folder['folders'] }) => (
  <ul class="folders" aria-label={files.subfolders}>
    {folders.map(({ id, name }) => (
      <li key={id}>
        <a href={href('files', 'folder', id)}>
          <Icon name="folder" />
          <span class="wrap">{name}</span>
        </a>
      </li>
    ))}
  </ul>
);

/** A folder: where it lies, the folders in it, and its files. */
export const FolderView = ({ id }: { readonly id: number }) => {
  const [folder, setFolder] = useState<Folder>();
  const pages = usePages(async (after: string | undefined) => {
    const read = await api.folder(id, after);
    // Folders are told on the first page only.
    if (after === undefined) setFolder(read);
    return { items: read.files, next: read.next };
  }, String(id));
  const here = folder?.id === id ? folder : undefined;
  const empty = pages.ready && here?.folders.length === 0 && pages.items.length === 0;
  return (
    <div class="stack">
      {here && <Path path={here.path} />}
      {here && here.folders.length > 0 && <Folders folders={here.folders} />}
      {pages.items.length > 0 && <FileTable files={pages.items} />}
      {empty && (
        <div class="card">
          <Empty icon="folder" title={id === 0 ? files.none : files.emptyFolder}>
            {id === 0 ? files.noneHint : files.emptyFolderHint}
          </Empty>
        </div>
      )}
      <More pages={pages} text={files.more} />
    </div>
  );
};
