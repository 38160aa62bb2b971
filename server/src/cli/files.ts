import { Command } from 'commander';
import type { Data } from '../app/data.js';
import type { File, Folder, Version } from '../services/catalog/catalog.js';
import { newest } from '../services/catalog/versions.js';
import { withData } from './data.js';
import { filesIn, findPath, foldersIn } from './files-find.js';
import { getCommand } from './files-get.js';
import { takesConfig } from './options.js';
import { bytes, moment, printable, table } from './table.js';
import type { Terminal } from './terminal.js';

interface ListFlags {
  readonly json?: boolean;
  readonly digests?: boolean;
}

const digestsOf = ({ digests }: Version): string =>
  Object.entries(digests)
    .map(([algorithm, hex]) => `${algorithm}:${hex}`)
    .join(' ');

/** A file without what its dialect keeps with it. */
const toldFile = ({ metadata: _, ...file }: File) => ({ kind: 'file', ...file });

const toldFolder = ({ id, name, createdAt }: Folder) => ({ kind: 'folder', id, name, createdAt });

/** What is listed: what is told of it as JSON, and what a table shows. */
interface Row {
  readonly told: object;
  readonly cells: readonly string[];
  readonly digests: string;
}

/** Prints rows as a table, or what they stand for as JSON. */
const show = (
  terminal: Terminal,
  { json = false, digests = false }: ListFlags,
  heads: readonly string[],
  rows: readonly Row[],
): void => {
  if (json) {
    for (const { told } of rows) terminal.print(JSON.stringify(told));
    return;
  }
  const titles = digests ? [...heads, 'DIGESTS'] : heads;
  terminal.print(table([titles, ...rows.map((row) => (digests ? [...row.cells, row.digests] : row.cells))]));
};

const listFolder = async (data: Data, terminal: Terminal, flags: ListFlags, folder: number): Promise<void> => {
  const rows = (await foldersIn(data, folder)).map(
    (each): Row => ({
      told: toldFolder(each),
      cells: [`${printable(each.name)}/`, '', '', '', moment(each.createdAt), String(each.id)],
      digests: '',
    }),
  );
  for await (const file of filesIn(data, folder)) {
    const { id, name, owner, modifiedAt, versions } = file;
    const { size } = newest(file);
    rows.push({
      told: toldFile(file),
      cells: [printable(name), bytes(size), String(versions.length), owner, moment(modifiedAt), String(id)],
      digests: digestsOf(newest(file)),
    });
  }
  show(terminal, flags, ['NAME', 'SIZE', 'VERSIONS', 'OWNER', 'CHANGED (UTC)', 'ID'], rows);
};

const listVersions = (terminal: Terminal, flags: ListFlags, files: readonly File[]): void => {
  const rows = files.flatMap((file) =>
    file.versions.map((version) => ({
      told: { file: file.id, ...version },
      cells: [String(file.id), String(version.number), bytes(version.size), version.by, moment(version.createdAt)],
      digests: digestsOf(version),
    })),
  );
  show(terminal, flags, ['ID', 'VERSION', 'SIZE', 'BY', 'ADDED (UTC)'], rows);
};

/** `longshore files`: the finished files of a data folder. */
export const filesCommand = (terminal: Terminal): Command =>
  takesConfig(new Command('files'))
    .description('List finished files and folders, or the versions of a file; copy one out')
    // The subcommand takes the same options, and those behind it are its own.
    .enablePositionalOptions()
    .argument('[path]', 'a folder or a file, from the roots down: /tus/alice; the roots unless told')
    .option('--digests', 'show the digests that are known of each file')
    .option('--json', 'one JSON object per line')
    .addCommand(getCommand(terminal))
    .addHelpText(
      'after',
      `
Examples:
  longshore files
  longshore files /tus/alice --digests
  longshore files get /tus/alice/film.mov -o film.mov`,
    )
    .action((path: string | undefined, flags: ListFlags, command: Command) =>
      withData(command, terminal, async (data) => {
        const { folder, files } = await data.ledger.read((facts) => findPath(data, facts, path ?? ''));
        if (folder === null && files.length === 0) throw new Error(`There is no folder or file ${path}.`);
        if (folder !== null) await listFolder(data, terminal, flags, folder);
        if (files.length > 0) listVersions(terminal, flags, files);
      }),
    );
