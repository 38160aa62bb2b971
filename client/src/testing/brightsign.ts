import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, type Listening, listen } from './server.js';

/** One call as the fake server met it. */
export interface Call {
  readonly operation: string;
  readonly headers: IncomingMessage['headers'];
  readonly path: string;
  readonly xml: string;
}

/** What a test makes of a call: a whole answer, a cut before or after the call was carried out, or nothing. */
export type Trouble = { readonly status: number; readonly xml: string } | 'cut' | 'cut after' | undefined;

/** A BrightSign Content Upload service in memory that misbehaves on request. Each token has its own bytes. */
export interface FakeBrightSign extends Listening {
  readonly calls: Call[];
  readonly uploads: Map<string, { bytes: Map<number, Buffer>; state: string }>;
  trouble: (call: Call) => Trouble;
}

const soap = 'http://schemas.xmlsoap.org/soap/envelope/';
const data = 'BSN.WebServices.Uploads.DTO.2014.07';

/** A SOAP fault in the vendor's form. */
export const fault = (message: string, code = 's:Client'): string =>
  `<s:Envelope xmlns:s="${soap}"><s:Body><s:Fault><faultcode>${code}</faultcode>` +
  '<faultstring xml:lang="en-US">The creator of this fault did not specify a Reason.</faultstring>' +
  `<detail><FileUploadFault xmlns="${data}"><Message>${message}</Message></FileUploadFault></detail></s:Fault></s:Body></s:Envelope>`;

/** An answer with `result` inside the operation's result element. */
export const reply = (operation: string, result: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${soap}"><s:Body><${operation}Response xmlns="urn:t">` +
  `<${operation}Result xmlns:a="${data}" xmlns:i="urn:i">${result}</${operation}Result></${operation}Response></s:Body></s:Envelope>`;

/** The text of an element in a call. */
export const said = (xml: string, name: string): string | undefined =>
  new RegExp(`<[a-z]:${name}>([^<]*)</[a-z]:${name}>`).exec(xml)?.[1];

export const fakeBrightSign = async (): Promise<FakeBrightSign> => {
  const uploads: FakeBrightSign['uploads'] = new Map();
  const calls: Call[] = [];

  const carryOut = ({ operation, xml }: Call): string => {
    const token = said(xml, operation.startsWith('Complete') ? 'UploadToken' : 'uploadToken') ?? '';
    const upload = uploads.get(token);
    const status = (name: string, state: string, contentId = ''): string =>
      `<a:ContentId i:nil="true"/><a:State>${state}</a:State><a:UploadToken>${name}</a:UploadToken>`.replace(
        '<a:ContentId i:nil="true"/>',
        contentId === '' ? '<a:ContentId i:nil="true"/>' : `<a:ContentId>${contentId}</a:ContentId>`,
      );
    if (operation === 'StartFileUpload') {
      const name = `u${uploads.size + 1}`;
      uploads.set(name, { bytes: new Map(), state: 'Started' });
      return reply(operation, status(name, 'Started'));
    }
    if (upload === undefined) return reply(operation, '');
    if (operation === 'AppendChunk') {
      upload.bytes.set(Number(said(xml, 'offset')), Buffer.from(said(xml, 'data') ?? '', 'base64'));
      return reply(operation, 'true');
    }
    if (operation === 'CompleteFileUpload') upload.state = 'Completed';
    if (operation === 'CancelFileUpload') upload.state = 'Cancelled';
    return reply(operation, status(token, upload.state, upload.state === 'Completed' ? '4711' : ''));
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const xml = (await bodyOf(request)).toString();
    const operation = /<t:(\w+)>/.exec(xml)?.[1] ?? '';
    const call: Call = { operation, headers: request.headers, path: request.url ?? '', xml };
    calls.push(call);
    const trouble = fake.trouble(call);
    if (trouble === 'cut') throw new Error('cut');
    const carried = typeof trouble === 'object' ? trouble : { status: 200, xml: carryOut(call) };
    if (trouble === 'cut after') throw new Error('cut');
    response.writeHead(carried.status, { 'Content-Type': 'text/xml; charset=utf-8' }).end(carried.xml);
  };

  const fake: FakeBrightSign = { ...(await listen(answer)), calls, uploads, trouble: () => undefined };
  return fake;
};

/** The bytes of an upload, its chunks in the order of their offsets. */
export const joined = (chunks: ReadonlyMap<number, Buffer> | undefined): Buffer =>
  Buffer.concat([...(chunks ?? new Map<number, Buffer>())].sort(([a], [b]) => a - b).map(([, bytes]) => bytes));
