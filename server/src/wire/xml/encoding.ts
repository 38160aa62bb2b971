import { isAscii } from 'node:buffer';
import { XmlError } from './errors.js';

const labels: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  'iso-8859-1': 'latin1',
  latin1: 'latin1',
  'windows-1252': 'windows-1252',
  'utf-16': 'utf-16',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
};

/** More than any XML declaration needs. */
const HEAD = 256;

const declared = (head: Buffer) =>
  /^<\?xml\s[^>]*?encoding\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(head.toString('latin1'))?.slice(1).find(Boolean);

/** Is there enough of the document to tell its encoding? */
const tells = (head: Buffer) =>
  head.length >= HEAD || (head.length >= 5 && (head.toString('latin1', 0, 5) !== '<?xml' || head.includes('?>')));

/** The encoding, and how many bytes of byte-order mark there are to skip. RFC 7303: mark, then HTTP, then declaration. */
const sniff = (head: Buffer, charset: string | undefined): { encoding: string; skip: number } => {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', skip: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', skip: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', skip: 2 };
  if (head[0] === 0x3c && head[1] === 0x00) return { encoding: 'utf-16le', skip: 0 };
  if (head[0] === 0x00 && head[1] === 0x3c) return { encoding: 'utf-16be', skip: 0 };
  const said = charset ?? declared(head) ?? 'utf-8';
  const encoding = labels[said.toLowerCase()];
  if (encoding === undefined || encoding.startsWith('utf-16'))
    throw new XmlError('encoding', `cannot read the encoding ${JSON.stringify(said.slice(0, 40))}`);
  return { encoding, skip: 0 };
};

const transcode = (encoding: string): ((bytes: Buffer, last: boolean) => Buffer) => {
  if (encoding === 'latin1') return (bytes) => (isAscii(bytes) ? bytes : Buffer.from(bytes.toString('latin1')));
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (bytes, last) => {
    try {
      return Buffer.from(decoder.decode(bytes, { stream: !last }));
    } catch (error) {
      throw new XmlError('malformed', `is not ${encoding}`, { cause: error });
    }
  };
};

/**
 * The bytes of an XML document as UTF-8, without a byte-order mark. `charset` is what HTTP said of it. What is UTF-8
 * already goes through untouched, and unchecked. UTF-16, ISO-8859-1, Windows-1252 and ASCII are taken besides;
 * anything else throws an `XmlError` of kind `encoding`.
 */
export async function* utf8(source: AsyncIterable<Buffer>, charset?: string): AsyncGenerator<Buffer, void, undefined> {
  let head = Buffer.alloc(0);
  let convert: ((bytes: Buffer, last: boolean) => Buffer) | undefined;
  const begin = (): Buffer => {
    const { encoding, skip } = sniff(head, charset);
    convert = encoding === 'utf-8' ? (bytes) => bytes : transcode(encoding);
    return convert(head.subarray(skip), false);
  };
  for await (const chunk of source) {
    if (convert) yield convert(chunk, false);
    else {
      head = Buffer.concat([head, chunk]);
      if (tells(head)) yield begin();
    }
  }
  if (!convert) yield begin();
  const rest = convert?.(Buffer.alloc(0), true);
  if (rest?.length) yield rest;
}
