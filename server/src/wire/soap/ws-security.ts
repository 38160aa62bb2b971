import { attributeOf, childOf, type XmlElement } from '../xml/tree.js';
import { element, type XmlOutElement } from '../xml/writer.js';

/** The namespace of WS-Security headers, and of the codes of its faults. */
export const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';

/** What a WS-Security header says of its sender. */
export type SecurityToken =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A password that only someone who knows it in clear could check. */
  | { readonly kind: 'digest'; readonly username: string };

const securityOf = (headers: readonly XmlElement[]): XmlElement | undefined =>
  headers.find(({ local }) => local === 'Security');

/** The UsernameToken among a call's headers, if there is one. */
export const usernameToken = (headers: readonly XmlElement[]): SecurityToken | undefined => {
  const token = childOf(securityOf(headers), 'UsernameToken');
  const username = childOf(token, 'Username')?.text.trim();
  const password = childOf(token, 'Password');
  if (!token || !username || !password) return undefined;
  if (attributeOf(password, 'Type')?.endsWith('#PasswordDigest')) return { kind: 'digest', username };
  return { kind: 'password', username, password: password.text };
};

/** Does the sender want a Timestamp in the answer? It does when it sent one (WCF refuses an answer without). */
export const hasTimestamp = (headers: readonly XmlElement[]): boolean =>
  childOf(securityOf(headers), 'Timestamp') !== undefined;

/** A Security header with a Timestamp: `now` and five minutes later, ms since 1970. */
export const timestampHeader = (now: number): XmlOutElement => {
  const at = (ms: number) => new Date(ms).toISOString();
  return element(
    'o:Security',
    { 'xmlns:o': WSSE, 's:mustUnderstand': '1' },
    element(
      'u:Timestamp',
      { 'xmlns:u': WSU, 'u:Id': '_0' },
      element('u:Created', {}, at(now)),
      element('u:Expires', {}, at(now + 5 * 60_000)),
    ),
  );
};
