import { Refusal } from '../../engine/refusals.js';

const longest = 255;

const isSound = (name: string): boolean =>
  name !== '' &&
  name !== '.' &&
  name !== '..' &&
  Buffer.byteLength(name) <= longest &&
  !/[\p{Cc}\p{Surrogate}/]/u.test(name);

/** Refuses `malformed` for a name that no folder or file may have (see `Catalog`). */
export const needName = (name: string): void => {
  if (!isSound(name))
    throw new Refusal('malformed', {
      reason: `A name has 1 to ${longest} bytes without control characters or "/", and is not "." or "..".`,
    });
};

/** The part of a key that stands for a name: the same for spellings that differ in case alone. Null: no name at all. */
export const nameKey = (name: string): string | null =>
  isSound(name) ? encodeURIComponent(name.normalize('NFC').toLowerCase()) : null;

/** Shortens `text` to at most `bytes` bytes of UTF-8, between characters. */
const shortened = (text: string, bytes: number): string => {
  let short = '';
  for (const character of text) {
    if (Buffer.byteLength(short + character) > bytes) break;
    short += character;
  }
  return short;
};

/** `report.pdf` and 2 make `report (2).pdf`; the stem is shortened where the name would become too long. */
export const numbered = (name: string, number: number): string => {
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  const tail = ` (${number})${ending}`;
  const room = longest - Buffer.byteLength(tail);
  return room > 0 ? shortened(stem, room) + tail : `${shortened(name, longest - ` (${number})`.length)} (${number})`;
};
