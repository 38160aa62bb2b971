import { encodeBase64 } from '../base64/encode.js';
import type { XmlElement } from '../xml/tree.js';
import { element, type XmlOutElement } from '../xml/writer.js';
import type { Facets, Type } from './types.js';
import { BadValue, facetsOf } from './types.js';

declare const streamed: unique symbol;

/** What stands for a streamed parameter in a table: in `run` it is what the operation's `receive` made of the bytes. */
export interface Streamed {
  readonly [streamed]: true;
}

const unread = (): never => {
  throw new BadValue('can only be a parameter of its own');
};

/**
 * xs:base64Binary, of any length: a parameter (not a member of an object) whose bytes are decoded as they arrive and
 * handed to the operation's `receive`. Missing, nil or empty: `receive` is not called, and the value is undefined.
 */
export const bytes = (facets: Facets = {}): Type<Streamed> => ({
  shape: { kind: 'bytes', streamed: true },
  ...facetsOf(facets, 0),
  blankWhenEmpty: true,
  blank: unread,
  read: unread,
  write: unread,
});

const base64Form = /^[A-Za-z0-9+/]*={0,2}$/;

/** xs:base64Binary of a few bytes, held in memory (a thumbnail): at most `limit` bytes. Missing, nil or empty: no bytes. */
export const smallBytes = ({
  limit = 512 * 1024,
  ...facets
}: Facets & { readonly limit?: number } = {}): Type<Buffer> => ({
  shape: { kind: 'bytes', streamed: false },
  ...facetsOf(facets, 0),
  blankWhenEmpty: true,
  blank: () => Buffer.alloc(0),
  read: (from) => {
    const dense = from.text.replace(/[ \t\r\n]+/g, '');
    if (dense.length % 4 !== 0 || !base64Form.test(dense)) throw new BadValue('is not base64');
    const value = Buffer.from(dense, 'base64');
    if (value.length > limit) throw new BadValue(`has more than ${limit} bytes`);
    return value;
  },
  write: (name, value) => element(name, {}, value.toString('base64')),
});

/**
 * xs:base64Binary in a result, of any length: its bytes are encoded while the answer goes out. They must be there by
 * then: an answer that has begun can only be cut.
 */
export const bytesOut = (facets: Facets = {}): Type<AsyncIterable<Uint8Array>> => ({
  shape: { kind: 'bytes', streamed: false },
  ...facetsOf(facets, 0),
  blankWhenEmpty: true,
  blank: unread,
  read: unread,
  write: (name, value) => element(name, {}, { stream: encodeBase64(value) }),
});

/** `root` outside of the namespace that it would inherit, unless it is in one of its own. */
const inNoNamespace = (root: XmlOutElement): XmlOutElement =>
  root.name.includes(':') || 'xmlns' in root.attributes
    ? root
    : { ...root, attributes: { ...root.attributes, xmlns: '' } };

/**
 * Any one element, as it is: for results that carry a document of their own, which is in no namespace where it does not
 * say otherwise. Missing or nil when read: undefined.
 */
export const anyXml = (facets: Facets = {}): Type<XmlElement | XmlOutElement | undefined> => ({
  shape: { kind: 'any' },
  ...facetsOf(facets, 0),
  blankWhenEmpty: true,
  blank: () => undefined,
  read: (from) => from.children[0],
  write: (name, value, { qualified }) =>
    value !== undefined && 'name' in value
      ? element(name, {}, qualified ? inNoNamespace(value) : value)
      : element(name),
});
