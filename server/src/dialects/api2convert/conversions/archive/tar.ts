import { type ArchiveEntry, withUniqueNames } from './entry.js';

const blockSize = 512;

/** Zeros up to the next whole block. */
const padding = (length: number): Buffer => Buffer.alloc((blockSize - (length % blockSize)) % blockSize);

/** The largest size that eleven octal digits tell. */
const largest = 8 ** 11 - 1;

/** A header of POSIX.1-1988 (ustar). `type`: '0' a file, 'x' further facts of the next one. */
const header = (name: string, size: number, type: '0' | 'x'): Buffer => {
  const block = Buffer.alloc(blockSize);
  const octal = (value: number, at: number, width: number) =>
    block.write(value.toString(8).padStart(width - 1, '0'), at, 'latin1');
  block.write(name, 0, 100, 'utf8');
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(Math.min(size, largest), 124, 12);
  octal(0, 136, 12);
  // Where the checksum comes to stand counts as blanks.
  block.fill(' ', 148, 156);
  block.write(type, 156, 'latin1');
  block.write('ustar\u000000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148, 'latin1');
  return block;
};

/** A fact of POSIX.1-2001: `<length> key=value`, where the length counts itself. */
const fact = (key: string, value: string): Buffer => {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes;
  while (length !== bytes + String(length).length) length = bytes + String(length).length;
  return Buffer.from(`${length}${rest}`);
};

/** A tar archive of these files, as a stream: each is read once, when its turn comes. Files of one name get different ones. */
export async function* tarOf(entries: readonly ArchiveEntry[]): AsyncIterable<Uint8Array> {
  for (const { name, size, read } of withUniqueNames(entries)) {
    const isPlain = /^[ -~]{1,100}$/.test(name);
    const facts = Buffer.concat([
      ...(isPlain ? [] : [fact('path', name)]),
      ...(size > largest ? [fact('size', String(size))] : []),
    ]);
    if (facts.length > 0) yield Buffer.concat([header('pax', facts.length, 'x'), facts, padding(facts.length)]);
    yield header(isPlain ? name : 'file', size, '0');
    yield* read();
    yield padding(size);
  }
  yield Buffer.alloc(2 * blockSize);
}
