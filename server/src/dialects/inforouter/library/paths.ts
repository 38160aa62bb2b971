import { createHash } from 'node:crypto';
import { problems } from '../problems.js';

/** Where something is: names from the library down, or a document by its id. */
export type Address = { readonly names: readonly string[] } | { readonly document: number };

/** How callers say where something is: one path, or a folder's path and a name in it. */
export type Place = string | { readonly folder: string; readonly name: string };

const documentId = /^[\\/]?~D(\d{1,15})(?:\.[^\\/]*)?$/i;

/**
 * Reads a path (specs/inforouter.md §6.1): `/` and `\` are equal, slashes at the ends do not count, and `~D12` or `~D12.pdf`
 * is the document 12. Refuses any other path that begins with `~`.
 */
export const readPath = (text: string): Address => {
  const path = text.trim();
  const [, id] = documentId.exec(path) ?? [];
  if (id !== undefined) return { document: Number(id) };
  if (path.startsWith('~')) throw problems.invalidIdentifier();
  return { names: path.split(/[\\/]+/).filter((name) => name !== '') };
};

/** Reads a place; a name that is given apart is one name, whatever is in it. */
export const readPlace = (place: Place): Address => {
  if (typeof place === 'string') return readPath(place);
  const folder = readPath(place.folder);
  if ('document' in folder) throw problems.folderNotFound();
  return { names: [...folder.names, place.name] };
};

/** Longest name, in characters, and in bytes as UTF-8, which is what the catalog keeps. */
const longestName = 128;
const longestBytes = 255;
const longestEnding = 20;

const fits = (name: string): boolean => name.length <= longestName && Buffer.byteLength(name) <= longestBytes;

/** Cuts a name that is too long; what is cut off is told by a hash before the ending. */
const shortened = (name: string): string => {
  if (fits(name)) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= longestEnding ? name.slice(dot) : '';
  const tail = `_${createHash('sha256').update(name).digest('hex').slice(0, 8)}${ending}`;
  let stem = '';
  for (const character of name.slice(0, name.length - ending.length)) {
    if (!fits(stem + character + tail)) break;
    stem += character;
  }
  return stem + tail;
};

/** Without dots and blanks at its ends. A pattern for the end would look at each of them from each of them. */
const trimmed = (name: string): string => {
  let [start, end] = [0, name.length];
  while (start < end && '. '.includes(name.charAt(start))) start += 1;
  while (end > start && '. '.includes(name.charAt(end - 1))) end -= 1;
  return name.slice(start, end);
};

const tidy = (name: string): string =>
  trimmed(
    name
      .replace(/[/\\:*?"<>|#%&+\p{Cc}\p{Surrogate}]/gu, '_')
      .replace(/\.{2,}/g, '.')
      .replace(/ {2,}/g, ' '),
  );

/**
 * A name as it is kept (§6.1): what is not allowed in it becomes `_`, dots and blanks are single and not at its ends, and it has at
 * most 128 characters. Refuses a name of which nothing is left.
 */
export const cleanName = (name: string): string => {
  const clean = tidy(name);
  if (clean === '') throw problems.invalidName();
  return shortened(clean);
};

/** The names to look for where a client says `name`: as it is, then as it would have been kept. */
export const spellings = (name: string): readonly string[] => {
  const clean = tidy(name);
  return clean === '' ? [name] : [...new Set([name, shortened(clean)])];
};
