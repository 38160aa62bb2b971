import { SaxesParser } from 'saxes';
import { XmlError } from './errors.js';
import type { XmlAttribute } from './tree.js';

/** What a document is made of, in its order. */
export type XmlEvent =
  | {
      readonly type: 'open';
      readonly local: string;
      readonly namespace: string;
      readonly attributes: readonly XmlAttribute[];
    }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'close' };

/** Bounds of a document. */
export interface XmlLimits {
  /** Characters of everything but what is read with `rawText`. */
  readonly markup: number;
  /** Elements within elements. */
  readonly depth: number;
  /** Elements in all, counted. */
  readonly elements: number;
  /** Attributes of one element, namespace declarations among them. */
  readonly attributes: number;
  /** Characters of an element's or attribute's name, or of an attribute's value. */
  readonly token: number;
}

/** Bounds that no honest message comes near. */
export const defaultXmlLimits: XmlLimits = {
  markup: 4 * 2 ** 20,
  depth: 64,
  elements: 100_000,
  attributes: 64,
  token: 2 ** 16,
};

/** A parser that adds what it finds to `events`. What is refused, or goes past the limits, it throws as `XmlError`. */
export const xmlParser = (events: XmlEvent[], limits: XmlLimits): SaxesParser<{ xmlns: true }> => {
  const parser = new SaxesParser({ xmlns: true, position: false });
  let depth = 0;
  let elements = 0;
  let attributes = 0;
  const refuse = (what: string) => {
    throw new XmlError('malformed', what);
  };
  const bound = (length: number) => {
    if (length > limits.token)
      throw new XmlError('too-large', `has a name or attribute of more than ${limits.token} characters`);
  };
  const onText = (text: string) => {
    if (text !== '' && depth > 0) events.push({ type: 'text', text });
  };
  parser.on('doctype', () => refuse('has a DOCTYPE'));
  parser.on('processinginstruction', () => refuse('has a processing instruction'));
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('opentagstart', ({ name }) => {
    bound(name.length);
    attributes = 0;
    depth += 1;
    elements += 1;
    if (elements > limits.elements) throw new XmlError('too-large', `has more than ${limits.elements} elements`);
    if (depth > limits.depth) throw new XmlError('too-large', `is more than ${limits.depth} elements deep`);
  });
  parser.on('attribute', ({ name, value }) => {
    attributes += 1;
    bound(name.length);
    bound(value.length);
    if (attributes > limits.attributes)
      throw new XmlError('too-large', `has an element with more than ${limits.attributes} attributes`);
  });
  parser.on('opentag', (tag) => {
    const found = Object.values(tag.attributes)
      .filter(({ name, prefix }) => prefix !== 'xmlns' && name !== 'xmlns')
      .map(({ local, uri, value }) => ({ local, namespace: uri, value }));
    events.push({ type: 'open', local: tag.local, namespace: tag.uri, attributes: found });
  });
  parser.on('closetag', () => {
    depth -= 1;
    events.push({ type: 'close' });
  });
  return parser;
};
