import { expect } from 'vitest';
import { onlyChild, readXml, type Xml } from './xml.js';

const tempuri = 'http://tempuri.org/';

export type Value = string | number | boolean | Uint8Array;
export type Parameters = Readonly<Record<string, Value>>;

/** What is asked: where (`http://127.0.0.1:1/srv.asmx`), and for what. */
export interface Asking {
  readonly endpoint: string;
  readonly operation: string;
  readonly parameters: Parameters;
}

/** A way to call an operation, as specs/inforouter.md §2 has it. */
export interface Transport {
  readonly isSoap: boolean;
  send(asking: Asking): Promise<Response>;
  /** The operation's result: in a form the document's own element, in SOAP the element `…Result`. */
  readResult(document: string, operation: string): Xml;
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

const printed = (value: Value): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value);

const soap = (namespace: string, headers: (action: string) => Record<string, string>): Transport => ({
  isSoap: true,
  send: ({ endpoint, operation, parameters }) => {
    const given = Object.entries(parameters).map(([name, value]) => `<${name}>${escaped(printed(value))}</${name}>`);
    const call = `<${operation} xmlns="${tempuri}">${given.join('')}</${operation}>`;
    const body = `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${namespace}"><soap:Body>${call}</soap:Body></soap:Envelope>`;
    return fetch(endpoint, { method: 'POST', headers: headers(`${tempuri}${operation}`), body });
  },
  readResult: (document, operation) => {
    const envelope = readXml(document);
    expect([envelope.name, envelope.namespace]).toEqual(['Envelope', namespace]);
    const body = onlyChild(envelope);
    expect([body.name, body.namespace]).toEqual(['Body', namespace]);
    const answer = onlyChild(body);
    expect([answer.name, answer.namespace]).toEqual([`${operation}Response`, tempuri]);
    const result = onlyChild(answer);
    expect([result.name, result.namespace]).toEqual([`${operation}Result`, tempuri]);
    return result;
  },
});

const query = (parameters: Parameters): URLSearchParams =>
  new URLSearchParams(Object.entries(parameters).map(([name, value]): [string, string] => [name, printed(value)]));

const formData = (parameters: Parameters): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(parameters))
    if (value instanceof Uint8Array) form.append(name, new Blob([Uint8Array.from(value)]));
    else form.append(name, String(value));
  return form;
};

const plain = (send: (address: string, parameters: Parameters) => Promise<Response>): Transport => ({
  isSoap: false,
  send: ({ endpoint, operation, parameters }) => send(`${endpoint}/${operation}`, parameters),
  readResult: (document) => {
    expect(document.startsWith('<?xml version="1.0" encoding="utf-8"?>')).toBe(true);
    return readXml(document);
  },
});

/** All the ways that clients have. */
export const transports = {
  'SOAP 1.1': soap('http://schemas.xmlsoap.org/soap/envelope/', (action) => ({
    'content-type': 'text/xml; charset=utf-8',
    soapaction: `"${action}"`,
  })),
  'SOAP 1.2': soap('http://www.w3.org/2003/05/soap-envelope', (action) => ({
    'content-type': `application/soap+xml; charset=utf-8; action="${action}"`,
  })),
  GET: plain((address, parameters) => fetch(`${address}?${query(parameters)}`)),
  POST: plain((address, parameters) => fetch(address, { method: 'POST', body: query(parameters) })),
  multipart: plain((address, parameters) => fetch(address, { method: 'POST', body: formData(parameters) })),
} as const;

export type TransportName = keyof typeof transports;

export const everyTransport = Object.keys(transports) as TransportName[];

const answerType = (name: TransportName): string =>
  name === 'SOAP 1.2' ? 'application/soap+xml; charset=utf-8' : 'text/xml; charset=utf-8';

/**
 * Calls an operation and gives its answer's element: always one called `response`, in no namespace, with HTTP 200 (specs/inforouter.md
 * §1, §2). `spelling` is the operation's name where the call has it in other letters.
 */
export const responseOf = async (
  name: TransportName,
  { spelling, ...asking }: Asking & { readonly spelling?: string },
): Promise<Xml> => {
  const transport = transports[name];
  const reply = await transport.send({ ...asking, operation: spelling ?? asking.operation });
  const text = await reply.text();
  expect({ status: reply.status, type: reply.headers.get('content-type') }, text.slice(0, 500)).toEqual({
    status: 200,
    type: answerType(name),
  });
  const result = transport.readResult(text, asking.operation);
  const response = transport.isSoap ? onlyChild(result) : result;
  expect([response.name, response.namespace]).toEqual(['response', '']);
  return response;
};
