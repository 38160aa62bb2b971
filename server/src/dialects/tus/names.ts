import { Buffer } from 'node:buffer';

/** Longest file name that the catalog takes, in bytes of UTF-8. */
const longest = 255;

// Marks that turn the direction of text around can make `exe.png` out of `gnp.exe`.
const unseen = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffd]/gu;

const cut = (text: string, bytes: number): string => {
  let kept = text;
  while (Buffer.byteLength(kept) > bytes) kept = [...kept].slice(0, -1).join('');
  return kept;
};

/** Shortens a name to what the catalog takes, sparing its ending. */
const fit = (name: string): string => {
  if (Buffer.byteLength(name) <= longest) return name;
  const ending = /\.[^.]{1,15}$/u.exec(name)?.[0] ?? '';
  return cut(name.slice(0, name.length - ending.length), longest - Buffer.byteLength(ending)) + ending;
};

/**
 * A file name out of what a client calls its file: the last part of a path (of Unix or Windows), without control
 * characters, at most 255 bytes. Nothing where no name is left.
 */
export const safeName = (given: string): string | undefined => {
  const last = given.split(/[/\\]/).findLast((part) => part.trim() !== '') ?? '';
  const name = fit(last.replace(unseen, '').trim()).trim();
  return name === '' || name === '.' || name === '..' ? undefined : name;
};

/** Folders that one upload may lie below its owner's own; the catalog takes some more. */
const deepest = 64;

/**
 * The folders of a path to a file, which is its last part: `Photos/2026/a.jpg` lies in `Photos` and `2026`. Nothing where the path would
 * lead up (`..`) or too deep. Parts that no folder may be called are left out.
 */
export const safeFolders = (given: string): readonly string[] | undefined => {
  const parts = given.split(/[/\\]/).slice(0, -1);
  if (parts.some((part) => part.trim() === '..')) return undefined;
  const folders = parts.map(safeName).filter((name) => name !== undefined);
  return folders.length > deepest ? undefined : folders;
};

/** A media type as it may stand in a `Content-Type` header; nothing where the text is none. */
export const safeType = (given: string): string | undefined => {
  const type = given.trim();
  const wellFormed = /^[A-Za-z0-9!#$&^_.+-]{1,127}\/[A-Za-z0-9!#$&^_.+-]{1,127}(\s*;[\x20-\x7e]{1,200})?$/.test(type);
  return wellFormed ? type : undefined;
};
