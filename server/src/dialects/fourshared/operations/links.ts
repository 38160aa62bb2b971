import { long, text } from '../../../wire/soap/index.js';
import type { Context } from '../context.js';
import type { FilePlace } from '../drive/drive.js';
import { factsOfFile } from '../drive/facts.js';
import { fromWire, toWire } from '../ids.js';
import { codeIn, directLink, pageLink } from '../links.js';
import { asking } from '../operation.js';

/** The file that a link leads to, of whatever account: who has the link may have the file. */
const linked = ({ read, drive }: Context, link: string): Promise<FilePlace | undefined> =>
  read((facts) => drive.fileByCode(facts, codeIn(link)));

export const getFileDownloadLink = asking({
  doc: 'The link of a file’s page; empty where there is no such file.',
  params: { fileId: long() },
  result: text(),
  run: async ({ fileId }, { drive, home, base, read }) => {
    const found = await read((facts) => drive.findFile(facts, home, fromWire(fileId)));
    if (!found || found.place.removed) return '';
    return pageLink(base, { code: factsOfFile(found.file).code, name: found.file.name });
  },
});

export const getDirectLink = asking({
  doc: 'The address of a file’s bytes, from the link of its page; empty where there is no such file.',
  params: { link: text() },
  result: text(),
  run: async ({ link }, context) => {
    const found = await linked(context, link);
    return found ? directLink(context.base, { code: factsOfFile(found.file).code, name: found.file.name }) : '';
  },
});

export const decodeLink = asking({
  doc: 'The id of the file that a link leads to; -1 where there is none.',
  params: { link: text() },
  result: long(),
  run: async ({ link }, context) => {
    const found = await linked(context, link);
    return found ? toWire(found.file.id) : -1;
  },
});
