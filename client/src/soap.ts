import { base64Length, writeBase64 } from './base64.js';
import { UploadError } from './errors.js';
import { type Answer, refusal } from './http.js';
import type { Bytes } from './source.js';
import { type Element, escapeXml, find, readXml, textOf } from './xml.js';

const envelope = 'http://schemas.xmlsoap.org/soap/envelope/';
const instance = 'http://www.w3.org/2001/XMLSchema-instance';
const security = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';

/** The namespaces of a service's operations and of its data. */
export interface Namespaces {
  readonly service: string;
  readonly data: string;
}

/** Elements by their names, in wire order; the member `@type` is no element, but names a derived type. */
export interface Members {
  readonly [name: string]: Value;
}

/** What an element may hold: text, a number, bytes (as base64), nothing (nil), elements, or lists of them. */
export type Value = string | number | null | Bytes | Members | readonly Members[];

const encoder = new TextEncoder();

/** The pieces of `<prefix:name>value</prefix:name>`; bytes stay bytes, so that they are encoded only once, in place. */
const element = (prefix: string, name: string, value: Value, out: (string | Bytes)[]): void => {
  if (value === null) {
    out.push(`<${prefix}:${name} i:nil="true"/>`);
    return;
  }
  const type = typeof value === 'object' && '@type' in value ? ` i:type="d:${String(value['@type'])}"` : '';
  out.push(`<${prefix}:${name}${type}>`);
  if (typeof value === 'string' || typeof value === 'number') out.push(escapeXml(String(value)));
  else if (value instanceof Uint8Array) out.push(value);
  else
    for (const members of Array.isArray(value) ? (value as readonly Members[]) : [value as Members])
      for (const [child, inner] of Object.entries(members)) if (child !== '@type') element('d', child, inner, out);
  out.push(`</${prefix}:${name}>`);
};

/** A UsernameToken in clear text, as the vendor's clients send it over TLS. */
const header = (user: string, password: string): string =>
  `<w:Security xmlns:w="${security}"><w:UsernameToken><w:Username>${escapeXml(user)}</w:Username>` +
  `<w:Password>${escapeXml(password)}</w:Password></w:UsernameToken></w:Security>`;

/** A SOAP 1.1 envelope with one operation and its parameters, in wire order. */
export const writeEnvelope = (
  { service, data }: Namespaces,
  login: { readonly user: string; readonly password: string } | null,
  operation: string,
  parameters: Readonly<Record<string, Value>>,
): Bytes => {
  const out: (string | Bytes)[] = [
    `<e:Envelope xmlns:e="${envelope}" xmlns:t="${service}" xmlns:d="${data}" xmlns:i="${instance}">` +
      `<e:Header>${login === null ? '' : header(login.user, login.password)}</e:Header><e:Body><t:${operation}>`,
  ];
  for (const [name, value] of Object.entries(parameters)) element('t', name, value, out);
  out.push(`</t:${operation}></e:Body></e:Envelope>`);

  const pieces = out.map((piece) => (typeof piece === 'string' ? { text: encoder.encode(piece) } : { bytes: piece }));
  const lengthOf = (piece: (typeof pieces)[number]): number =>
    'text' in piece ? piece.text.length : base64Length(piece.bytes.length);
  const target: Bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + lengthOf(piece), 0));
  let at = 0;
  for (const piece of pieces) {
    if ('text' in piece) target.set(piece.text, at);
    else writeBase64(piece.bytes, target, at);
    at += lengthOf(piece);
  }
  return target;
};

const faultOf = (fault: Element, status: number): UploadError => {
  const detail = find(fault, 'Message')?.text.trim() ?? '';
  const reason = textOf(fault, 'faultstring') ?? find(fault, 'Text')?.text.trim() ?? 'The server gave no reason.';
  const code = textOf(fault, 'faultcode') ?? find(fault, 'Value')?.text.trim() ?? '';
  // A fault comes with status 500 whoever is to blame; the code says whether the server is.
  const retryable = /(^|:)(Server|Receiver)\b/.test(code);
  return new UploadError('refused', detail === '' ? reason : detail, { status, retryable });
};

/** The `{operation}Result` of an answer. Refuses with the fault's own message, or with what the status says. */
export const readResult = (answer: Answer, operation: string): Element => {
  const document = readXml(answer.text);
  const fault = find(document, 'Fault');
  if (fault !== undefined) throw faultOf(fault, answer.status);
  if (answer.status >= 300) throw refusal(answer, operation);
  const result = find(document, `${operation}Result`);
  if (result === undefined)
    throw new UploadError('refused', `${operation}: the answer holds no result; is this the right address?`, {
      status: answer.status,
    });
  return result;
};
