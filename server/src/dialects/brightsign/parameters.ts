import { Refusal } from '../../engine/refusals.js';

// The rules for single parameters (specs/brightsign.md §A6, §A8), whatever form they come in. All refuse `malformed`.

/** Largest file, in bytes: decimal, not binary. */
export const largestFile = 5_000_000_000;
/** Most characters of a file's or a page's name, and of a path. */
const longest = 128;
/** Where a new content goes when nobody says. */
export const defaultPath = '\\Shared\\Incoming\\';

export const malformed = (reason: string): Refusal => new Refusal('malformed', { reason });

const invalidInName = /[\\/:*?"<>|\u0000-\u001f\u007f]/;

const isValidName = (name: string): boolean =>
  !invalidInName.test(name) && name !== '.' && name !== '..' && !/[. ]$/.test(name);

/** Judges a file name. */
export const readFileName = (name: string): string => {
  if (name.trim() === '') throw malformed('The file name must not be empty.');
  if (name.length > longest) throw malformed(`The file name must not have more than ${longest} characters.`);
  if (!isValidName(name)) throw malformed('The file name is not valid.');
  return name;
};

/** Judges a web page's name. */
export const readPageName = (name: string): string => {
  if (name.trim() === '') throw malformed('The name of the web page must not be empty.');
  if (name.length > longest) throw malformed(`The name of the web page must not have more than ${longest} characters.`);
  if (invalidInName.test(name)) throw malformed('The name of the web page is not valid.');
  return name;
};

const namesIn = (path: string): string[] => path.split(/[\\/]+/).filter((name) => name !== '');

/** A virtual path with a backslash at both ends and single ones inside: what is missing or doubled is put right first. */
export const readVirtualPath = (path: string): string => {
  const names = namesIn(path);
  const whole = names.length === 0 ? '\\' : `\\${names.join('\\')}\\`;
  if (whole.length > longest)
    throw malformed(`The virtual path must not have more than ${longest} characters, slashes included.`);
  if (!names.every(isValidName)) throw malformed('The virtual path is not valid.');
  return whole;
};

/** The folders of a virtual path, from the library's root down. */
export const foldersOf = (virtualPath: string): string[] => namesIn(virtualPath);

/** The path of an asset from its page: `css\\fonts\\`, or `\\` beside the page. */
export const readRelativePath = (path: string): string => {
  const names = namesIn(path);
  const whole = `${names.join('\\')}\\`;
  if (whole.length > longest)
    throw malformed(`The relative path must not have more than ${longest} characters, slashes included.`);
  if (!names.every(isValidName)) throw malformed('The relative path is not valid.');
  return whole;
};

/** A SHA-1 hash as bare lower-case hex: any letter case, and a `SHA1:` before it, will do. */
export const readSha1 = (hash: string): string => {
  const hex = hash
    .trim()
    .replace(/^sha1:/i, '')
    .toLowerCase();
  if (!/^[0-9a-f]{40}$/.test(hex)) throw malformed('The SHA1 hash must have 40 hexadecimal digits.');
  return hex;
};

/** Judges a file's size in bytes. */
export const readFileSize = (size: number): number => {
  if (size < 0) throw malformed('The file size must not be negative.');
  if (size > largestFile) throw malformed(`The file size must not be greater than ${largestFile} bytes.`);
  return size;
};

/** Judges how many chunks a client says it will send. */
export const readChunksCount = (count: number): number => {
  if (count < 0) throw malformed('The number of chunks must not be negative.');
  return count;
};

/** Judges an id; `what`: `content`. */
export const readId = (id: number, what: string): number => {
  if (id < 0) throw malformed(`The ${what} id must not be negative.`);
  return id;
};

/** An upload's token; refuses an empty one. */
export const needToken = (token: string | undefined): string => {
  if (!token) throw malformed('The upload token must not be empty.');
  return token;
};
