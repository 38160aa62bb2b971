import type { File } from 'longshore/api';
import { useState } from 'preact/hooks';
import { dialectTitle } from '../server/about.js';
import { addresses } from '../server/api.js';
import { isAdmin } from '../server/session.js';
import { IconButton, IconLink } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { type Column, Table } from '../ui/table.js';
import { Bytes, Moment } from '../ui/values.js';
import { words } from '../words/en.js';
import { count } from '../words/format.js';
import { FileDialog } from './detail.js';
import { PreviewDialog } from './preview.js';

const { files } = words;

const lastVersion = ({ versions }: File): number => versions.at(-1)?.number ?? 1;

/** Files, each with its details, its preview and its bytes. */
export const FileTable = ({ files: shown }: { readonly files: readonly File[] }) => {
  const [opened, setOpened] = useState<number | null>(null);
  const [previewed, setPreviewed] = useState<File | null>(null);
  const owner: Column<File> = { name: 'owner', title: files.columns.owner, cell: (file) => file.owner };
  const columns: readonly Column<File>[] = [
    {
      name: 'name',
      title: files.columns.name,
      heads: true,
      cell: (file) => (
        <span class="file-name">
          <Icon name="file" />
          <button
            type="button"
            class="link"
            title={file.name}
            aria-haspopup="dialog"
            onClick={() => setOpened(file.id)}
          >
            {file.name}
          </button>
        </span>
      ),
    },
    { name: 'size', title: files.columns.size, align: 'end', cell: ({ size }) => <Bytes value={size} /> },
    ...(isAdmin() ? [owner] : []),
    {
      name: 'dialect',
      title: files.columns.dialect,
      cell: ({ dialect }) => <span class="nowrap">{dialectTitle(dialect)}</span>,
    },
    { name: 'changed', title: files.columns.changed, cell: ({ modifiedAt }) => <Moment at={modifiedAt} /> },
    { name: 'versions', title: files.columns.versions, align: 'end', cell: ({ versions }) => count(versions.length) },
    {
      name: 'actions',
      title: files.columns.actions,
      bare: true,
      phone: 'corner',
      cell: (file) => (
        <div class="actions">
          {file.preview !== null && (
            <IconButton icon="eye" label={files.previewWhat(file.name)} onClick={() => setPreviewed(file)} />
          )}
          <IconLink
            icon="download"
            href={addresses.content(file.id, lastVersion(file))}
            label={files.downloadWhat(file.name)}
            download=""
          />
        </div>
      ),
    },
  ];
  return (
    <>
      <Table label={files.table} columns={columns} rows={shown} keyOf={({ id }) => id} />
      {opened !== null && <FileDialog id={opened} onClose={() => setOpened(null)} />}
      {previewed !== null && (
        <PreviewDialog file={previewed} version={lastVersion(previewed)} onClose={() => setPreviewed(null)} />
      )}
    </>
  );
};
