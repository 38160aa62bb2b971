import { Refusal } from '../../engine/refusals.js';
import type { Json } from '../../kit/json.js';
import type { ContentArguments, ContentType } from './types.js';

/** Largest file, in bytes: decimal, not binary (specs/brightsign.md §A6). */
export const largestFile = 5_000_000_000;
const longestName = 128;
const longestPath = 128;
/** Where a new content goes when nobody says. */
export const defaultPath = '\\Shared\\Incoming\\';

const malformed = (reason: string): Refusal => new Refusal('malformed', { reason });

/** What a client said of a file. Only what it specified: 0, Auto, nil, blank and absent all mean "not specified" (§A5). */
export interface FileFacts {
  readonly fileName?: string;
  readonly fileSize?: number;
  readonly chunksTotal?: number;
  readonly contentType?: Exclude<ContentType, 'Auto'>;
  /** ISO 8601. */
  readonly lastModified?: string;
  /** With slashes at both ends. */
  readonly virtualPath?: string;
  /** As received. */
  readonly sha1Hash?: string;
  readonly contentId?: number;
}

const invalidInName = /[\\/:*?"<>|\u0000-\u001f\u007f]/;

const isValidName = (name: string): boolean =>
  !invalidInName.test(name) && name !== '.' && name !== '..' && !/[. ]$/.test(name);

/** Judges a file name (§A6). Refuses `malformed`. */
export const readFileName = (name: string): string => {
  if (name.trim() === '') throw malformed('The file name must not be empty.');
  if (name.length > longestName) throw malformed(`The file name must not have more than ${longestName} characters.`);
  if (!isValidName(name)) throw malformed('The file name is not valid.');
  return name;
};

/**
 * A virtual path with a backslash at both ends and single ones inside (§A8: slashes of either kind, missing or doubled
 * ones are put right before it is judged). Refuses `malformed`.
 */
export const readVirtualPath = (path: string): string => {
  const names = path.split(/[\\/]+/).filter((name) => name !== '');
  const whole = names.length === 0 ? '\\' : `\\${names.join('\\')}\\`;
  if (whole.length > longestPath)
    throw malformed(`The virtual path must not have more than ${longestPath} characters, slashes included.`);
  if (!names.every(isValidName)) throw malformed('The virtual path is not valid.');
  return whole;
};

/** The folders of a virtual path, from the library's root down. */
export const foldersOf = (virtualPath: string): string[] => virtualPath.split('\\').filter((name) => name !== '');

/** A SHA-1 hash as bare lower-case hex (§A6: any letter case, and a `SHA1:` before it, will do). Refuses `malformed`. */
export const readSha1 = (hash: string): string => {
  const hex = hash
    .trim()
    .replace(/^sha1:/i, '')
    .toLowerCase();
  if (!/^[0-9a-f]{40}$/.test(hex)) throw malformed('The SHA1 hash must have 40 hexadecimal digits.');
  return hex;
};

const readFileSize = (size: number): number => {
  if (size < 0) throw malformed('The file size must not be negative.');
  if (size > largestFile) throw malformed(`The file size must not be greater than ${largestFile} bytes.`);
  return size;
};

const readChunksCount = (count: number): number => {
  if (count < 0) throw malformed('The number of chunks must not be negative.');
  return count;
};

/** Reads and judges the arguments of StartFileUpload and CompleteFileUpload (§A6). Refuses `malformed`. */
export const readArguments = (args: ContentArguments): FileFacts => {
  const { FileName, FileSize, ChunksCount, ContentType, FileLastModifiedDate, VirtualPath, SHA1Hash } = args;
  const contentId = 'ContentId' in args ? args.ContentId : undefined;
  if (contentId !== undefined && contentId < 0) throw malformed('The content id must not be negative.');
  return {
    ...(FileName !== undefined && FileName !== '' && { fileName: readFileName(FileName) }),
    ...(FileSize && { fileSize: readFileSize(FileSize) }),
    ...(ChunksCount && { chunksTotal: readChunksCount(ChunksCount) }),
    ...(ContentType && ContentType !== 'Auto' && { contentType: ContentType }),
    ...(FileLastModifiedDate &&
      FileLastModifiedDate.getUTCFullYear() > 1 && { lastModified: FileLastModifiedDate.toISOString() }),
    ...(VirtualPath && { virtualPath: readVirtualPath(VirtualPath) }),
    ...(SHA1Hash && readSha1(SHA1Hash) && { sha1Hash: SHA1Hash }),
    ...(contentId && { contentId }),
  };
};

/** What is kept with an upload. */
export interface UploadFacts extends FileFacts {
  readonly fileName: string;
  /** The object that holds the thumbnail that the client gave. */
  readonly thumb?: string;
  /** The namespace in which the client's data was (§A2, mirror rule). */
  readonly dataNamespace?: string;
}

/** What is kept of a file that is about to be uploaded. Refuses `malformed` without a name. */
export const startFacts = (said: FileFacts): UploadFacts => ({ ...said, fileName: said.fileName ?? readFileName('') });

/** For the ledger and back: the same shape, without what is undefined. */
export const toMetadata = (facts: UploadFacts): Json => ({ ...facts });
export const fromMetadata = (metadata: Json): UploadFacts => metadata as unknown as UploadFacts;

const kinds: Readonly<Record<string, Exclude<ContentType, 'Auto'>>> = {
  ...Object.fromEntries(['jpg', 'jpeg', 'png', 'bmp'].map((end) => [end, 'Image' as const])),
  ...Object.fromEntries(
    ['mov', 'mp4', 'mpg', 'ts', 'vob', 'wmv', 'm2ts', 'mkv', 'webm'].map((end) => [end, 'Video' as const]),
  ),
  ...Object.fromEntries(
    ['mp3', 'wav', 'ogg', 'flac', 'm4a', 'aac', 'ac3', 'eac3', 'ec3'].map((end) => [end, 'Audio' as const]),
  ),
};

/** The kind of content: as said, else by the name's ending, else Image, the documented default (§A6). */
export const contentTypeOf = ({ contentType, fileName }: UploadFacts): Exclude<ContentType, 'Auto'> =>
  contentType ?? kinds[fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase()] ?? 'Image';
