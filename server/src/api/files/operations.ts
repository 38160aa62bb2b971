import { type Operation, operation } from '../operation.js';
import { limitIn, numberIn, ownerIn, ownerQuery } from '../query.js';
import { FileDetail, Files, Folder } from '../shapes/index.js';
import { download, preview } from './content.js';
import { needFile } from './find.js';
import { listFolder, pathTo } from './folders.js';
import { toFile } from './shape.js';

const tag = 'files';
const version = { version: 'Number of the version; the last one unless told.' };
const also = { 206: 'The range that was asked for.', 304: 'It is what the asker has.' };

/** Finished files, and the folders that they lie in. */
export const fileOperations: readonly Operation[] = [
  operation(
    {
      access: 'account',
      method: 'GET',
      path: '/files',
      tag,
      summary: 'Files, the newest first.',
      query: {
        before: 'An id: only files that came before it.',
        limit: 'At most so many: 100 unless told, 1000 at most.',
        owner: ownerQuery,
      },
      answer: Files,
    },
    async ({ host: { ledger, catalog }, exchange, caller }) => {
      caller.need('view');
      const limit = limitIn(exchange);
      const before = numberIn(exchange, 'before');
      const owner = ownerIn(exchange, caller);
      const query = { limit, ...(before !== undefined && { before }), ...(owner !== undefined && { owner }) };
      const files = await ledger.read((facts) => catalog.recent(facts, query));
      return { files: files.map(toFile), next: files.length < limit ? null : (files.at(-1)?.id ?? null) };
    },
  ),
  operation(
    { access: 'account', method: 'GET', path: '/files/:id', tag, summary: 'One file.', answer: FileDetail },
    async (visit) => {
      const { ledger, catalog } = visit.host;
      const file = await needFile(visit);
      const path = await ledger.read((facts) => pathTo(catalog, facts, file.folder));
      return { ...toFile(file), path: path.map(({ name }) => name) };
    },
  ),
  operation(
    {
      access: 'account',
      method: 'GET',
      path: '/files/:id/content',
      tag,
      summary: 'A file’s bytes, to be kept; ranges are understood.',
      query: version,
      // What the sender said of it.
      answer: '*/*',
      also,
    },
    download,
  ),
  operation(
    {
      access: 'account',
      method: 'GET',
      path: '/files/:id/preview',
      tag,
      summary:
        'A file as a browser may show it: pictures, sound and film as they are, of a text the first 256 KiB, of a PDF file a picture of its first page.',
      query: version,
      answer: '*/*',
      also,
    },
    preview,
  ),
  operation(
    {
      access: 'admin',
      method: 'GET',
      path: '/folders/:id',
      tag,
      summary: 'What is in a folder: on the first page its folders, and files by name. 0: where the roots lie.',
      query: {
        after: 'A name: only files behind it.',
        limit: 'At most so many files, unless several have the last one’s name: 100 unless told, 1000 at most.',
      },
      answer: Folder,
    },
    async ({ host: { ledger, catalog }, exchange }) => {
      const asked = {
        id: exchange.params.id ?? '',
        after: exchange.query.get('after') ?? undefined,
        limit: limitIn(exchange),
      };
      return ledger.read((facts) => listFolder(catalog, facts, asked));
    },
  ),
];
