import { readElement } from '../xml/build.js';
import type { XmlEvent } from '../xml/parser.js';
import type { XmlReader } from '../xml/reader.js';
import { attributeOf, type XmlElement } from '../xml/tree.js';
import { SoapFailure } from './fault.js';

export const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/';
export const SOAP_12 = 'http://www.w3.org/2003/05/soap-envelope';

export type Open = Extract<XmlEvent, { type: 'open' }>;

const notSoap = (what: string) => new SoapFailure('not-soap', `The message has no ${what}.`);

/** The next event that is not text; the end of the document is taken for a close. */
const nextMark = async (reader: XmlReader): Promise<Open | { readonly type: 'close' }> => {
  for (let event = await reader.next(); event; event = await reader.next()) if (event.type !== 'text') return event;
  return { type: 'close' };
};

/** Steps into the envelope and tells its version. */
export const enterEnvelope = async (reader: XmlReader): Promise<'1.1' | '1.2'> => {
  const root = await nextMark(reader);
  if (root.type === 'close' || root.local !== 'Envelope') throw notSoap('Envelope');
  if (root.namespace === SOAP_11) return '1.1';
  if (root.namespace === SOAP_12) return '1.2';
  throw new SoapFailure('version-mismatch', 'The envelope is neither of SOAP 1.1 nor of SOAP 1.2.');
};

/**
 * Reads the header and steps into the body's first element. `limit`: characters of one header block.
 * Call it after `enterEnvelope`.
 */
export const enterBody = async (
  reader: XmlReader,
  limit: number,
): Promise<{ readonly headers: readonly XmlElement[]; readonly wrapper: Open }> => {
  let headers: readonly XmlElement[] = [];
  for (;;) {
    const event = await nextMark(reader);
    if (event.type === 'close') throw notSoap('Body');
    if (event.local === 'Body') {
      const wrapper = await nextMark(reader);
      if (wrapper.type === 'close') throw notSoap('element in its Body');
      return { headers, wrapper };
    }
    const element = await readElement(reader, event, limit);
    if (event.local === 'Header') headers = element.children;
  }
};

/** Must whoever gets the message understand this header block? */
export const mustUnderstand = (header: XmlElement): boolean => {
  const mark = attributeOf(header, 'mustUnderstand', SOAP_11) ?? attributeOf(header, 'mustUnderstand', SOAP_12);
  return mark?.trim() === '1' || mark?.trim() === 'true';
};

/** Reads what is left of the message, so that a broken end is noticed. */
export const leaveEnvelope = async (reader: XmlReader): Promise<void> => {
  for (let event = await reader.next(); event; event = await reader.next());
};
