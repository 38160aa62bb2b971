/** XML to be written: an element, or text that will be escaped. */
export type XmlOut = XmlOutElement | string;

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

const append = (out: string[], node: XmlOut): void => {
  if (typeof node === 'string') {
    out.push(escapeText(node));
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

/** `node` as text: one line, no declaration, nothing added between elements. */
export const xmlText = (node: XmlOut): string => {
  const out: string[] = [];
  append(out, node);
  return out.join('');
};

/** `node` as a document with its XML declaration. */
export const xmlDocument = (node: XmlOutElement): string => `<?xml version="1.0" encoding="utf-8"?>${xmlText(node)}`;
