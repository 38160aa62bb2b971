/** Longest file name that the catalog takes, in bytes of UTF-8; room is left for a number before the ending. */
const longest = 240;

// Marks that turn the direction of text around can make `exe.png` out of `gnp.exe`; so can halves of characters.
const unseen = /[\p{Cc}\p{Surrogate}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffd]/gu;

/** A name in two: without its ending, and the ending with its dot. */
export const splitName = (name: string): { readonly stem: string; readonly ending: string } => {
  const ending = /(?<=.)\.[^.\s]{1,15}$/u.exec(name)?.[0] ?? '';
  return { stem: name.slice(0, name.length - ending.length), ending };
};

const shortened = (text: string, bytes: number): string => {
  if (Buffer.byteLength(text) <= bytes) return text;
  let short = '';
  let size = 0;
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > bytes) break;
    short += character;
  }
  return short;
};

/** A file name out of what a client calls its file: the last part of its path (specs/api2convert.md §9); `output` where none is left. */
export const safeName = (given: string): string => {
  const last = given.split(/[/\\]/).findLast((part) => part.trim() !== '') ?? '';
  const { stem, ending } = splitName(last.replace(unseen, '').trim());
  const name = `${shortened(stem, longest - Buffer.byteLength(ending))}${ending}`.trim();
  return name === '' || name === '.' || name === '..' ? 'output' : name;
};

/** The name, or if it is taken the first of `name-1.ending`, `name-2.ending` … that is not. Letter case does not matter. */
export const freeName = (name: string, taken: readonly string[]): string => {
  const known = new Set(taken.map((each) => each.toLowerCase()));
  const { stem, ending } = splitName(name);
  for (let number = 0; ; number += 1) {
    const candidate = number === 0 ? name : `${stem}-${number}${ending}`;
    if (!known.has(candidate.toLowerCase())) return candidate;
  }
};
