/** XML to be written: an element, text that will be escaped, or text that comes bit by bit (base64) and needs no escaping. */
export type XmlOut = XmlOutElement | XmlOutStream | string;

export interface XmlOutStream {
  readonly stream: AsyncIterable<string>;
}

export interface XmlOutElement {
  /** With its prefix, if any. */
  readonly name: string;
  /** By name with prefix, `xmlns` declarations among them; an undefined one is left out. */
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly children: readonly XmlOut[];
}

/** An element to be written: `element('a:Id', { 'xmlns:a': 'urn:x' }, '4711')`. */
export const element = (
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly XmlOut[]
): XmlOutElement => ({ name, attributes, children });

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

// What XML 1.0 cannot hold in any form: control characters, lone surrogates, U+FFFE and U+FFFF.
const impossible = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const escaped = (text: string, what: RegExp) =>
  text.replace(impossible, '\uFFFD').replace(what, (character) => escapes[character] ?? character);

/** Text as it stands between tags. What XML cannot hold becomes U+FFFD. */
export const escapeText = (text: string): string => escaped(text, /[&<>\r]/g);

/** Text as it stands between double quotes. What XML cannot hold becomes U+FFFD. */
export const escapeAttribute = (text: string): string => escaped(text, /[&<>"\t\n\r]/g);

/** What is written: text, with streams in between. */
type Piece = string | XmlOutStream;

const append = (out: Piece[], node: XmlOut): void => {
  if (typeof node === 'string') {
    out.push(escapeText(node));
    return;
  }
  if ('stream' in node) {
    out.push(node);
    return;
  }
  out.push('<', node.name);
  for (const [name, value] of Object.entries(node.attributes))
    if (value !== undefined) out.push(' ', name, '="', escapeAttribute(value), '"');
  if (node.children.length === 0) {
    out.push(' />');
    return;
  }
  out.push('>');
  for (const child of node.children) append(out, child);
  out.push('</', node.name, '>');
};

const piecesOf = (node: XmlOut): Piece[] => {
  const out: Piece[] = [];
  append(out, node);
  return out;
};

/** `node` as text: one line, no declaration, nothing added between elements. Throws when a stream is in it. */
export const xmlText = (node: XmlOut): string =>
  piecesOf(node)
    .map((piece) => {
      if (typeof piece !== 'string') throw new TypeError('a stream cannot be written as one text');
      return piece;
    })
    .join('');

export const xmlDeclaration = '<?xml version="1.0" encoding="utf-8"?>';

/** `node` as a document with its XML declaration. Throws when a stream is in it. */
export const xmlDocument = (node: XmlOutElement): string => `${xmlDeclaration}${xmlText(node)}`;

async function* streamed(start: string, pieces: readonly Piece[]): AsyncGenerator<Uint8Array, void, undefined> {
  let text = start;
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      text += piece;
      continue;
    }
    if (text !== '') yield Buffer.from(text);
    text = '';
    for await (const bit of piece.stream) yield Buffer.from(bit);
  }
  if (text !== '') yield Buffer.from(text);
}

/** `node` behind `start`, as the body of an answer: one text, or bytes bit by bit when a stream is in it. */
export const xmlBody = (start: string, node: XmlOutElement): string | AsyncIterable<Uint8Array> => {
  const pieces = piecesOf(node);
  return pieces.every((piece) => typeof piece === 'string') ? start + pieces.join('') : streamed(start, pieces);
};
