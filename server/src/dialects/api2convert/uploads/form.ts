import { BodyCut, type Exchange } from '../../../http/exchange.js';
import { BadBase64 } from '../../../wire/base64/decode.js';
import { readDisposition } from '../../../wire/disposition/read.js';
import type { FormField } from '../../../wire/fields/field.js';
import { MimeError } from '../../../wire/multipart/errors.js';
import { multipartFields } from '../../../wire/multipart/fields.js';
import { parseMediaType } from '../../../wire/multipart/media-type.js';
import { problems } from '../problems.js';

/** The file of an upload request, as it arrives. */
export interface FilePart {
  readonly body: AsyncIterable<Buffer>;
  /** As its part calls it; null where it does not. */
  readonly name: string | null;
  /** Its part's media type. */
  readonly type: string | null;
  /** Bytes, where that is known before they come. */
  readonly length: number | null;
}

/** What an upload request brought. */
export interface FileForm<T> {
  readonly taken: T;
  /** The form's field `decrypt_password`. */
  readonly password: string | null;
}

const longestField = 4096;

const readField = async (field: FormField): Promise<string> => {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of field.value('text')) {
    size += piece.length;
    if (size > longestField) throw problems.bad(`The field ${field.name} is too long.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
};

const isFile = ({ name, file }: FormField): boolean => file || name === 'file';

const readForm = async <T>(
  { headers, body }: Exchange,
  take: (part: FilePart) => Promise<T>,
  drop: (taken: T) => Promise<void>,
): Promise<FileForm<T>> => {
  const { boundary = '' } = parseMediaType(headers['content-type'] ?? '').parameters;
  let found: { readonly taken: T } | undefined;
  let password: string | null = null;
  try {
    for await (const field of multipartFields(body(), boundary)) {
      if (isFile(field)) {
        if (found) throw problems.bad('One request brings one file.');
        const { fileName = null } = field;
        const type = field.headers['content-type'] ?? null;
        found = { taken: await take({ body: field.value('text'), name: fileName, type, length: null }) };
      } else if (field.name === 'decrypt_password') password = await readField(field);
    }
    if (!found) throw problems.bad('The form has no part "file".');
    return { taken: found.taken, password };
  } catch (error) {
    if (found) await drop(found.taken);
    throw error;
  }
};

/** Is the request's body a form? */
export const isForm = ({ headers }: Exchange): boolean =>
  parseMediaType(headers['content-type'] ?? '').type === 'multipart/form-data';

/**
 * Reads the one file of an upload request: the part `file` of a multipart form, else the part that has a file name; or, where
 * `raw` is allowed, the body itself (specs/api2convert.md §9, §10). The form is read to its end before the file counts; what was
 * taken is dropped where the rest is not as it must be. Refuses 400.
 */
export const readFile = async <T>(
  exchange: Exchange,
  { raw, take, drop }: { raw: boolean; take: (part: FilePart) => Promise<T>; drop: (taken: T) => Promise<void> },
): Promise<FileForm<T>> => {
  try {
    if (isForm(exchange)) return await readForm(exchange, take, drop);
    if (!raw) throw problems.bad('A multipart/form-data body with a part "file" is wanted.');
    const type = exchange.headers['content-type'] ?? null;
    const part = { body: exchange.body(), name: null, type, length: exchange.length };
    return { taken: await take(part), password: null };
  } catch (error) {
    if (error instanceof BodyCut) throw problems.bad('The body ended early.');
    if (error instanceof MimeError || error instanceof BadBase64)
      throw problems.bad(`The form cannot be read: ${error.message}.`);
    throw error;
  }
};

/** The file name in the request's own Content-Disposition, if it has one. */
export const headerName = ({ headers }: Exchange): string | null =>
  readDisposition(headers['content-disposition'] ?? '').fileName ?? null;

/** Takes a body off the wire that is not wanted. */
export const discardBody = async (exchange: Exchange): Promise<void> => {
  try {
    for await (const _ of exchange.body());
  } catch (error) {
    if (!(error instanceof BodyCut)) throw error;
  }
};
