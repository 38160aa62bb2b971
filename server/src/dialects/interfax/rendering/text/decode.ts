import { TextDecoder } from 'node:util';

/** The character sets that a byte order mark names. */
const marks: readonly (readonly [mark: string, name: string])[] = [
  ['efbbbf', 'utf-8'],
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
];

const decoderOf = (name: string): TextDecoder | undefined => {
  try {
    return new TextDecoder(name);
  } catch {
    return undefined;
  }
};

/** Text of a file: by its byte order mark, else in the character set it `declares`, else UTF-8 or, if it is none, Windows-1252. */
export const decodeText = (bytes: Uint8Array, declares?: string): string => {
  const head = Buffer.from(bytes.subarray(0, 3)).toString('hex');
  const marked = marks.find(([mark]) => head.startsWith(mark))?.[1];
  const declared = marked ?? declares;
  const decoder = declared === undefined ? undefined : decoderOf(declared);
  if (decoder) return decoder.decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
};
