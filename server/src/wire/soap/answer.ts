import { randomBytes } from 'node:crypto';
import type { Reply } from '../../http/exchange.js';
import { XSI } from '../xml/tree.js';
import { element, type XmlOut, type XmlOutElement, xmlBody, xmlDeclaration } from '../xml/writer.js';
import { SOAP_11, SOAP_12 } from './envelope.js';
import type { FaultCode, SoapFault } from './fault.js';
import { writeMembers } from './objects.js';
import type { Operation } from './operation.js';
import { type Scope, scope } from './scope.js';
import type { Flavour } from './service.js';
import type { AnyType, Members } from './types.js';

/** What an answer is written for. */
export interface Answering {
  readonly flavour: Flavour;
  readonly version: '1.1' | '1.2';
  /** The namespace of the operation's answer, and of its data. */
  readonly service: string;
  readonly data: string;
  readonly headers: readonly XmlOutElement[];
  readonly http: Readonly<Record<string, string>>;
  /** Was the request MTOM? Then the answer is, too. */
  readonly multipart: boolean;
}

const XSD = 'http://www.w3.org/2001/XMLSchema';

const xsiPrefix = (flavour: Flavour) => (flavour.declaresSchema ? 'xsi' : 'i');

const scopeOf = ({ flavour, data }: Answering, byDefault: string): Scope => {
  const known: [string, string][] = [[XSI, xsiPrefix(flavour)]];
  if (flavour.qualified) known.unshift([byDefault, '']);
  return scope({ xsi: xsiPrefix(flavour), data, qualified: flavour.qualified }, new Map(known));
};

/** Does anything in `node` use the schema-instance namespace? */
const usesXsi = (node: XmlOut, prefix: string): boolean =>
  typeof node !== 'string' &&
  'name' in node &&
  (Object.keys(node.attributes).some((name) => name.startsWith(`${prefix}:`)) ||
    node.children.some((child) => usesXsi(child, prefix)));

/** Declares the schema-instance namespace on `node`, if it is needed and the envelope does not. */
const declared = (node: XmlOutElement, flavour: Flavour): XmlOutElement =>
  !flavour.declaresSchema && usesXsi(node, 'i')
    ? { ...node, attributes: { ...node.attributes, 'xmlns:i': XSI } }
    : node;

/** Is the result one value, rather than several by name or none? */
export const isSingle = (result: AnyType | Members | undefined): result is AnyType =>
  typeof (result as { shape?: { kind?: unknown } } | undefined)?.shape?.kind === 'string';

/** The members of an operation's answer. */
export const outputMembers = (name: string, { result }: Operation<never>, flavour: Flavour): Members =>
  isSingle(result) ? { [flavour.resultName(name)]: result } : (result ?? {});

/** The element of an operation's answer, with what `run` gave. */
export const answerElement = (
  name: string,
  operation: Operation<never>,
  value: unknown,
  answering: Answering,
): XmlOutElement => {
  const { flavour, service } = answering;
  const members = outputMembers(name, operation, flavour);
  const values = isSingle(operation.result) ? { [flavour.resultName(name)]: value } : (value ?? {});
  const inside = writeMembers(members, '', values, scopeOf(answering, service));
  const wrapper = flavour.qualified
    ? element(`${name}Response`, { xmlns: service }, ...inside)
    : element(`q:${name}Response`, { 'xmlns:q': service }, ...inside);
  return declared(wrapper, flavour);
};

const codes12 = {
  Client: 'Sender',
  Server: 'Receiver',
  VersionMismatch: 'VersionMismatch',
  MustUnderstand: 'MustUnderstand',
};

const qualifiedCode = (name: string, code: Exclude<FaultCode, string>) =>
  element(name, { 'xmlns:f': code.namespace }, `f:${code.local}`);

const detailChildren = (fault: SoapFault, answering: Answering): readonly XmlOut[] => {
  if (fault.detail === undefined) return [];
  if (!('fault' in fault.detail)) return [fault.detail];
  const { fault: described, value } = fault.detail;
  const { flavour, data } = answering;
  const name = flavour.qualified ? described.name : `q:${described.name}`;
  const written = described.type.write(name, value, scopeOf(answering, data));
  const own = flavour.qualified ? { xmlns: data } : { 'xmlns:q': data };
  return [declared({ ...written, attributes: { ...own, ...written.attributes } }, flavour)];
};

/** The element of a fault, in the form of the answer's SOAP version. */
export const faultElement = (fault: SoapFault, answering: Answering): XmlOutElement => {
  const { flavour, version } = answering;
  const prefix = flavour.envelope;
  const { code, reason } = fault;
  const language = fault.language ?? flavour.language;
  const inside = detailChildren(fault, answering);
  const details = (name: string) => (inside.length > 0 || flavour.emptyDetail ? [element(name, {}, ...inside)] : []);
  if (version === '1.1')
    return element(
      `${prefix}:Fault`,
      {},
      typeof code === 'string' ? element('faultcode', {}, `${prefix}:${code}`) : qualifiedCode('faultcode', code),
      element('faultstring', { 'xml:lang': language }, reason),
      ...details('detail'),
    );
  const value = element(`${prefix}:Value`, {}, `${prefix}:${typeof code === 'string' ? codes12[code] : 'Sender'}`);
  const sub =
    typeof code === 'string' ? [] : [element(`${prefix}:Subcode`, {}, qualifiedCode(`${prefix}:Value`, code))];
  return element(
    `${prefix}:Fault`,
    {},
    element(`${prefix}:Code`, {}, value, ...sub),
    element(`${prefix}:Reason`, {}, element(`${prefix}:Text`, { 'xml:lang': language ?? 'en' }, reason)),
    ...details(`${prefix}:Detail`),
  );
};

/** The message with `body` in its Body. */
export const envelopeReply = (status: number, body: XmlOutElement, answering: Answering): Reply => {
  const { flavour, version, headers } = answering;
  const prefix = flavour.envelope;
  const schema = flavour.declaresSchema ? { 'xmlns:xsi': XSI, 'xmlns:xsd': XSD } : {};
  const envelope = element(
    `${prefix}:Envelope`,
    { [`xmlns:${prefix}`]: version === '1.1' ? SOAP_11 : SOAP_12, ...schema },
    ...(headers.length > 0 ? [element(`${prefix}:Header`, {}, ...headers)] : []),
    element(`${prefix}:Body`, {}, body),
  );
  const declaration = flavour.declaration ? xmlDeclaration : '';
  if (answering.multipart) return inMultipart({ status, http: answering.http, version }, declaration, envelope);
  const type = version === '1.1' ? flavour.contentType : 'application/soap+xml; charset=utf-8';
  return { status, headers: { ...answering.http, 'content-type': type }, body: xmlBody(declaration, envelope) };
};

/** An MTOM message whose only part is the envelope. */
const inMultipart = (
  { status, http, version }: Pick<Answering, 'http' | 'version'> & { readonly status: number },
  declaration: string,
  envelope: XmlOutElement,
): Reply => {
  const boundary = `part-${randomBytes(16).toString('hex')}`;
  const inner = version === '1.1' ? 'text/xml' : 'application/soap+xml';
  const head = [
    `--${boundary}`,
    `Content-Type: application/xop+xml; charset=utf-8; type="${inner}"`,
    'Content-Transfer-Encoding: 8bit',
    'Content-ID: <root>',
    '',
    declaration,
  ].join('\r\n');
  const tail = `\r\n--${boundary}--\r\n`;
  const body = xmlBody(head, envelope);
  const type = `multipart/related; type="application/xop+xml"; start="<root>"; start-info="${inner}"; boundary="${boundary}"`;
  return {
    status,
    headers: { ...http, 'content-type': type },
    body: typeof body === 'string' ? body + tail : followed(body, tail),
  };
};

async function* followed(body: AsyncIterable<Uint8Array>, tail: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield* body;
  yield Buffer.from(tail);
}
