import { brightsign } from '../../src/dialects/brightsign/dialect.js';
import { type Server, serve } from '../memory-server.js';
import { type Asked, ask, askAndHangUp } from './request.js';
import type { Answer, Chunk, Teller, Telling } from './story.js';

const T = 'https://api.brightsignnetwork.com/Uploads/2014/07/SOAP/';
const D = 'BSN.WebServices.Uploads.DTO.2014.07';
const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';

const textOf = (xml: string, name: string): string | undefined =>
  new RegExp(`<(?:\\w+:)?${name}(?: [^>]*)?>([^<]*)<`).exec(xml)?.[1];

const teller = (server: Server, account: string): Teller => {
  const call = (operation: string, body: string): Asked => ({
    method: 'POST',
    url: `${server.url}/Uploads/2014/07/SOAP/Basic/`,
    headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${T}ContentUploadService/${operation}"` },
    body: Buffer.from(
      `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header><w:Security xmlns:w="${WSSE}">` +
        `<w:UsernameToken><w:Username>Acme/${account}</w:Username><w:Password>secret</w:Password></w:UsernameToken>` +
        `</w:Security></e:Header><e:Body><${operation} xmlns="${T}">${body}</${operation}></e:Body></e:Envelope>`,
    ),
  });

  /** The sentence of a fault, else what the result's element `name` says; `nil` where it says nothing. */
  const answerTo = async (asked: Asked, name: string): Promise<Answer> => {
    const { body } = await ask(asked);
    return textOf(body, 'Message') ?? textOf(body, 'faultstring') ?? textOf(body, name) ?? 'nil';
  };
  const withArgs = (operation: string, members: Record<string, string | number>): Asked => {
    const given = Object.entries(members).map(([name, value]) => `<${name} xmlns="${D}">${value}</${name}>`);
    return call(operation, `<args>${given.join('')}</args>`);
  };
  const withToken = (operation: string, upload: string): Asked =>
    call(operation, `<uploadToken>${upload}</uploadToken>`);
  const append = (upload: string, { offset, bytes }: Chunk): Asked =>
    call(
      'AppendChunk',
      `<uploadToken>${upload}</uploadToken><partNumber>0</partNumber>` +
        `<data>${bytes.toString('base64')}</data><offset>${offset}</offset>`,
    );

  return {
    begin: async ({ size, sha1 }) => {
      const members = { FileName: 'lake.png', FileSize: size, ...(sha1 !== undefined && { SHA1Hash: sha1 }) };
      return String(await answerTo(withArgs('StartFileUpload', members), 'UploadToken'));
    },
    send: (upload, chunk) => answerTo(append(upload, chunk), 'AppendChunkResult'),
    cut: async (upload, chunk, after) => {
      const asked = append(upload, chunk);
      const dataAt = asked.body?.indexOf('<data>') ?? 0;
      // Whole groups of base64, so that so many bytes of the chunk have come.
      await askAndHangUp(asked, dataAt + '<data>'.length + Math.ceil(after / 3) * 4);
    },
    look: (upload) => answerTo(withToken('GetFileUploadStatus', upload), 'State'),
    finish: (upload) => answerTo(withArgs('CompleteFileUpload', { UploadToken: upload }), 'State'),
    cancel: (upload) => answerTo(withToken('CancelFileUpload', upload), 'State'),
  };
};

/** BrightSign: a state, or the sentence of a fault; how far an upload is, its states tell only roughly. */
export const brightsignTelling: Telling = { serve: () => serve({ dialect: brightsign }), teller };
