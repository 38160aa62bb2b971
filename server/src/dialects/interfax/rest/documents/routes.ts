import type { Exchange, Route } from '../../../../http/exchange.js';
import { no } from '../../codes.js';
import { findFileTypes, readFileType } from '../../file-types.js';
import { createdReply, emptyReply, jsonReply, momentText, uriOf } from '../answers.js';
import { unsupportedType } from '../problems.js';
import { limitOf, type RestParts, restRoute, type Visit, wholeNumber } from '../visit.js';
import { takeChunk } from './chunks.js';
import type { UploadedDocument } from './documents.js';
import { dispositions, type Sharing } from './records.js';

/** Longest name of a file, in characters. */
const longestName = 255;

const statusOf = ({ upload, received }: UploadedDocument): string => {
  if (!upload) return 'Ready';
  return received === 0 ? 'Created' : 'PartiallyUploaded';
};

/** A document as clients are shown it; the names are the vendor's, `lastusageTime` included. */
const shape = (document: UploadedDocument, exchange: Exchange) => ({
  userId: document.owner,
  fileName: document.name,
  fileSize: document.size,
  uploaded: document.received,
  uri: uriOf(exchange, `/outbound/documents/${document.id}`),
  creationTime: momentText(document.createdAt),
  lastusageTime: momentText(document.usedAt),
  status: statusOf(document),
  disposition: document.disposition,
  sharing: document.sharing,
});

/** `shared` is what some SDKs call it. */
const sharingOf = ({ argument }: Visit): Sharing =>
  /^shared$/i.test(argument('sharing')) || /^(true|shared)$/i.test(argument('shared')) ? 'Shared' : 'Private';

const create = async (visit: Visit): Promise<string> => {
  const { argument, caller, documents, exchange, options } = visit;
  caller.need('upload');
  const size = wholeNumber(argument('size'), 0);
  const name = argument('name');
  if (size < 1 || name === '' || name.length > longestName) throw no('badSize');
  const type = readFileType(await findFileTypes(options), /\.[^./\\]*$/.exec(name)?.[0] ?? '');
  if (type === undefined) throw unsupportedType();
  if (size > options.maxUpload) throw no('tooLarge');
  const said = argument('disposition').toLowerCase();
  const disposition = dispositions.find((each) => each.toLowerCase() === said) ?? 'SingleUse';
  const sharing = sharingOf(visit);
  return documents.create(caller, { name, type, size, disposition, sharing }, exchange.remote);
};

/** The routes of documents that are uploaded to be faxed (specs/interfax.md §11.2 to 11.5). */
export const documentRoutes = (parts: RestParts): Route[] => {
  const all = '/outbound/documents';
  const one = `${all}/:id`;
  return [
    restRoute(parts, ['POST', all, 'document creation'], async (visit) =>
      createdReply(visit.exchange, `${all}/${await create(visit)}`),
    ),
    restRoute(parts, ['GET', all, 'documents'], async (visit) => {
      const { exchange, caller, documents, argument } = visit;
      const page = { limit: limitOf(visit), offset: wholeNumber(argument('offset'), 0) };
      const found = await documents.list(caller.account.name, page);
      return jsonReply(
        200,
        found.map((document) => shape(document, exchange)),
      );
    }),
    restRoute(parts, ['POST', one, 'document chunk'], takeChunk),
    restRoute(parts, ['GET', one, 'document status'], async ({ exchange, caller, documents }) =>
      jsonReply(200, shape(await documents.need(exchange.params.id ?? '', caller.account.name), exchange)),
    ),
    restRoute(parts, ['DELETE', one, 'document cancel'], async ({ exchange, caller, documents }) => {
      await documents.remove(await documents.needOwn(exchange.params.id ?? '', caller.account.name));
      return emptyReply(200);
    }),
  ];
};
