import type { Staged } from '../../../../engine/verbs.js';
import { parseMediaType } from '../../../../wire/multipart/media-type.js';
import { defaultMimeLimits, mimeParts } from '../../../../wire/multipart/parts.js';
import { codes, no } from '../../codes.js';
import { type FileTypes, findFileTypes } from '../../file-types.js';
import { receive } from '../../receiving.js';
import { Problem, unsupportedType } from '../problems.js';
import type { Visit } from '../visit.js';
import { fileTypeOf } from './media-types.js';

/** A document that a request names: a stretch of the bytes that came with it, or one that was uploaded. */
export type Named =
  | { readonly type: string; readonly offset: number; readonly length: number }
  | { readonly uploaded: string };

/** The documents of a fax, in their order, and the bytes that came with them, one behind the other; null where none did. */
export interface Gathered {
  readonly documents: readonly Named[];
  readonly staged: Staged | null;
}

/** The uploaded document that a `Content-Location` names, by its path: clients put their own idea of the host before it. */
const uploadedAt = (location: string): Named => {
  const path = /^(?:https?:\/\/[^/]*)?([^?#]*)/i.exec(location.trim())?.[1] ?? '';
  const id = /\/outbound\/documents\/([^/]+)\/?$/i.exec(path)?.[1];
  // Pages elsewhere are not fetched: anybody could have this server ask what it alone can reach (specs/interfax.md §11.6).
  if (id === undefined)
    throw new Problem(
      400,
      codes.noDocument,
      'Content-Location names no uploaded document; other addresses are not fetched',
    );
  return { uploaded: id.toLowerCase() };
};

const typeOf = (types: FileTypes, contentType: string | undefined): string => {
  if (contentType === undefined) throw no('typeMissing');
  const type = fileTypeOf(types, contentType);
  if (type === undefined) throw unsupportedType();
  return type;
};

/** Yields the bytes of all documents, and notes of each what it is when they have passed. */
async function* bytesOf(
  { exchange, options }: Visit,
  boundary: string | undefined,
  note: (document: Named) => void,
): AsyncGenerator<Buffer, void, undefined> {
  const types = await findFileTypes(options);
  let offset = 0;
  const counted = async function* (
    type: string,
    bytes: AsyncIterable<Buffer>,
  ): AsyncGenerator<Buffer, void, undefined> {
    const start = offset;
    for await (const piece of bytes) {
      offset += piece.length;
      yield piece;
    }
    if (offset === start) throw no('noDocument');
    note({ type, offset: start, length: offset - start });
  };
  if (boundary === undefined) {
    if (exchange.length === 0) throw no('noDocument');
    return yield* counted(typeOf(types, exchange.headers['content-type']), exchange.body());
  }
  const limits = { ...defaultMimeLimits, parts: options.maxDocuments };
  for await (const { headers, body } of mimeParts(exchange.body(), boundary, limits)) {
    const location = headers['content-location'];
    if (location !== undefined) note(uploadedAt(location));
    else if (headers['content-type'] === undefined) {
      // An SDK that loses the address of what it uploaded sends a part of nothing: there is no document in it.
      for await (const _ of body) throw no('typeMissing');
      throw no('noDocument');
    } else yield* counted(typeOf(types, headers['content-type']), body);
  }
}

/** Takes the documents of a request in (specs/interfax.md §11.6). Refuses -123, -1004, -1063, and 415 for a type that cannot be faxed. */
export const gather = async (visit: Visit): Promise<Gathered> => {
  const { exchange, options } = visit;
  const { type, parameters } = parseMediaType(exchange.headers['content-type'] ?? '');
  const isMultipart = type.startsWith('multipart/');
  const location = exchange.headers['content-location'];
  if (!isMultipart && location !== undefined) return { documents: [uploadedAt(location)], staged: null };
  const documents: Named[] = [];
  const source = bytesOf(visit, isMultipart ? (parameters.boundary ?? '') : undefined, (named) =>
    documents.push(named),
  );
  const received = await receive({ ...visit, from: exchange.remote }, source, async () => ({
    limit: options.maxUpload,
  }));
  if ('refused' in received) throw received.refused;
  if (documents.length === 0) throw no('noDocument');
  return { documents, staged: received.staged.length === 0 ? null : received.staged };
};
