import { attributeOf, type XmlElement } from '../xml/tree.js';
import { SoapFailure } from './fault.js';

/** The namespace of MTOM's `xop:Include`. */
export const XOP = 'http://www.w3.org/2004/08/xop/include';

const decoded = (id: string): string => {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
};

/** The attachment that an element refers to; undefined where it is no `xop:Include`. */
export const referenceOf = (element: XmlElement): string | undefined => {
  const href = attributeOf(element, 'href') ?? '';
  if (element.local !== 'Include' || element.namespace !== XOP || !/^cid:/i.test(href)) return undefined;
  return decoded(href.slice('cid:'.length));
};

/** The attachments that elements refer to, however deep. */
export const referencesIn = (elements: readonly XmlElement[]): string[] =>
  elements.flatMap((element) => {
    const id = referenceOf(element);
    return id === undefined ? referencesIn(element.children) : [id];
  });

/** The same elements, with base64 in the place of the references to attachments. */
export const filledIn = (elements: readonly XmlElement[], base64: ReadonlyMap<string, string>): XmlElement[] =>
  elements.map((element) => {
    const [only, ...more] = element.children;
    const id = only && more.length === 0 ? referenceOf(only) : undefined;
    const text = id === undefined ? undefined : base64.get(id);
    return text === undefined
      ? { ...element, children: filledIn(element.children, base64) }
      : { ...element, text, children: [] };
  });

/** An attachment as base64, which may have `limit` characters. Throws a `SoapFailure` for more. */
export const toBase64 = async (body: AsyncIterable<Buffer>, limit: number): Promise<string> => {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (Math.ceil(length / 3) * 4 > limit)
      throw new SoapFailure('too-large', `An attachment has more than ${Math.floor(limit / 4) * 3} bytes.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('base64');
};
