import { Buffer } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { type Algorithm, algorithms, isAlgorithm } from '../../engine/digests.js';
import { Refusal } from '../../engine/refusals.js';
import type { Upload } from '../../engine/upload.js';
import { safeFolders, safeName, safeType } from './names.js';

/** What the dialect keeps with an upload: headers of its creation, as they were sent. */
export type Kept = { readonly metadata: string | null; readonly concat: string | null };

/** What an upload was created with. */
export const keptOf = (upload: Upload): Kept => upload.metadata as Kept;

/** `whole`: becomes a file by itself. `partial`: waits to be part of a `final` one. */
export const kindOf = (upload: Upload): 'whole' | 'partial' | 'final' => {
  const { concat } = keptOf(upload);
  if (concat === null) return 'whole';
  return concat === 'partial' ? 'partial' : 'final';
};

const malformed = (reason: string): Refusal => new Refusal('malformed', { reason });

/** One header's value; nothing where it was not sent. */
const field = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(', ') : value;
};

/** A header that is a whole number of bytes, 0 to 2^53 - 1. Refuses `malformed`. */
export const readCount = (headers: IncomingHttpHeaders, name: string): number | undefined => {
  const value = field(headers, name);
  if (value === undefined) return undefined;
  const count = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(count)) throw malformed(`${name} wants a whole number, 0 to ${Number.MAX_SAFE_INTEGER}.`);
  return count;
};

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The pairs of an `Upload-Metadata` header, values as text. `limit`: bytes. Refuses `malformed`. */
export const readMetadata = (header: string, limit: number): ReadonlyMap<string, string> => {
  if (Buffer.byteLength(header) > limit) throw malformed(`Upload-Metadata has more than ${limit} bytes.`);
  const pairs = new Map<string, string>();
  if (header.trim() === '') return pairs;
  for (const pair of header.split(',')) {
    const [key = '', value = '', ...more] = pair.trim().split(' ');
    if (!/^[!-~]+$/.test(key)) throw malformed('A key in Upload-Metadata is empty or not ASCII.');
    if (pairs.has(key)) throw malformed(`Upload-Metadata has the key ${key} twice.`);
    if (more.length > 0 || !base64.test(value))
      throw malformed(`The value of ${key} in Upload-Metadata is not Base64.`);
    pairs.set(key, Buffer.from(value, 'base64').toString('utf8'));
  }
  return pairs;
};

/** What the file of an upload is called, and its media type if the client named a good one. */
export const fileOf = (upload: Upload): { name: string; type?: string } => {
  const pairs = readMetadata(keptOf(upload).metadata ?? '', Number.POSITIVE_INFINITY);
  const name = safeName(pairs.get('filename') ?? '') ?? safeName(pairs.get('name') ?? '') ?? upload.id;
  const type = safeType(pairs.get('filetype') ?? '') ?? safeType(pairs.get('type') ?? '');
  return type === undefined ? { name } : { name, type };
};

/** The folders of the file that `pairs` describe, by their `relativePath`. Refuses `malformed` for one that leads elsewhere. */
const foldersIn = (pairs: ReadonlyMap<string, string>): readonly string[] => {
  const path = pairs.get('relativePath') ?? '';
  const folders = safeFolders(path);
  if (folders === undefined) throw malformed('The relativePath in Upload-Metadata leads up, or too deep.');
  return folders;
};

/** The folders that the file of an upload lies in, below its owner's own. */
export const foldersOf = (upload: Upload): readonly string[] =>
  foldersIn(readMetadata(keptOf(upload).metadata ?? '', Number.POSITIVE_INFINITY));

/** A digest that a chunk must have; hex, lower case. */
export interface Checksum {
  readonly algorithm: Algorithm;
  readonly hex: string;
}

const digestBytes: Readonly<Record<Algorithm, number>> = {
  crc32: 4,
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

/** Reads `sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=`. Refuses `malformed` and `digest-unsupported`. */
export const readChecksum = (value: string): Checksum => {
  const [algorithm = '', encoded = '', ...more] = value.trim().split(' ');
  if (!isAlgorithm(algorithm)) throw new Refusal('digest-unsupported', { algorithm });
  const digest = Buffer.from(encoded, 'base64');
  if (more.length > 0 || !base64.test(encoded) || digest.length !== digestBytes[algorithm])
    throw malformed(`Upload-Checksum wants "${algorithm}", a space, and ${digestBytes[algorithm]} bytes as Base64.`);
  return { algorithm, hex: digest.toString('hex') };
};

/** How a chunk is to be checked; `trailer`: the checksum comes behind the bytes. */
export type Check = null | 'trailer' | Checksum;

/** How the body of a request is to be checked. Refuses `malformed` and `digest-unsupported`. */
export const readCheck = (headers: IncomingHttpHeaders): Check => {
  const value = field(headers, 'Upload-Checksum');
  const announced = (field(headers, 'Trailer') ?? '')
    .split(',')
    .some((name) => name.trim().toLowerCase() === 'upload-checksum');
  if (announced && value !== undefined) throw malformed('Upload-Checksum is either a header or a trailer.');
  if (announced) return 'trailer';
  return value === undefined ? null : readChecksum(value);
};

/** Digests to compute while a chunk arrives: a trailer may bring any of them. */
export const digestsFor = (check: Check): readonly Algorithm[] => {
  if (check === null) return [];
  return check === 'trailer' ? algorithms : [check.algorithm];
};

/** What the client wants to create. `size`: bytes; null while it is deferred, or for a `final` upload. */
export interface Creation {
  readonly size: number | null;
  readonly kept: Kept;
  /** For a `final` upload: the URLs of its parts, in order. */
  readonly parts: readonly string[] | null;
}

/** Reads the headers of a creation. Refuses `malformed`. */
export const readCreation = (headers: IncomingHttpHeaders, metadataLimit: number): Creation => {
  const size = readCount(headers, 'Upload-Length');
  const deferred = field(headers, 'Upload-Defer-Length');
  const metadata = field(headers, 'Upload-Metadata') ?? null;
  const concat = field(headers, 'Upload-Concat') ?? null;
  if (metadata !== null) foldersIn(readMetadata(metadata, metadataLimit));
  if (deferred !== undefined && deferred !== '1') throw malformed('Upload-Defer-Length can only be 1.');

  if (concat !== null && concat !== 'partial') {
    const list = /^final;(.*)$/.exec(concat)?.[1];
    if (list === undefined)
      throw malformed('Upload-Concat wants "partial", or "final;" and the URLs of partial uploads.');
    const parts = list.split(' ').filter((part) => part !== '');
    if (parts.length === 0) throw malformed('A final upload wants the URLs of its partial uploads.');
    if (size !== undefined || deferred !== undefined)
      throw malformed('The length of a final upload is the sum of its parts; Upload-Length must not be sent.');
    return { size: null, kept: { metadata, concat }, parts };
  }
  if ((size === undefined) === (deferred === undefined))
    throw malformed('Exactly one of Upload-Length and Upload-Defer-Length is wanted.');
  return { size: size ?? null, kept: { metadata, concat }, parts: null };
};

/**
 * The id of the upload at `url`, which may be absolute or relative to the address `origin` + `path` where uploads are
 * created. Refuses `malformed` where the URL is not one of ours; what stands before `path` is not compared, since a server
 * has many names and proxies add prefixes.
 */
export const idAt = (url: string, { origin, path }: { origin: string; path: string }): string => {
  const base = `${origin}${path}`;
  const found = URL.canParse(url, base) ? new URL(url, base).pathname : '';
  const id = found.slice(found.lastIndexOf('/') + 1);
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(id) || !found.slice(0, -id.length).endsWith(path))
    throw malformed(`${url} in Upload-Concat is not the URL of an upload.`);
  return id;
};

/** The header that says when an upload ends, if it is unfinished and is going to. */
export const expires = (upload: Upload): Record<string, string> =>
  upload.expiry !== null && (upload.state === 'open' || upload.state === 'sealed')
    ? { 'upload-expires': new Date(upload.expiry.at).toUTCString() }
    : {};

/** The headers that tell all about an upload. */
export const describe = (upload: Upload): Record<string, string | number> => {
  const { metadata, concat } = keptOf(upload);
  const kind = kindOf(upload);
  return {
    // The offset of a final upload that is not joined yet is not defined.
    ...((kind !== 'final' || upload.state === 'finished') && { 'upload-offset': upload.contiguous }),
    ...(upload.size !== null && { 'upload-length': upload.size }),
    ...(upload.size === null && kind !== 'final' && { 'upload-defer-length': '1' }),
    ...(metadata !== null && { 'upload-metadata': metadata }),
    ...(concat !== null && { 'upload-concat': concat }),
    ...expires(upload),
  };
};
