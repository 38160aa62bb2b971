import { crc32 } from 'node:zlib';
import type { Asking } from './ask.js';

// The words of specs/inforouter.md §2 to §5.

export type Said = Readonly<Record<string, string>>;

/** A checksum as the vendor's samples write it: upper case, without leading zeros. */
export const hex = (bytes: Uint8Array): string => crc32(bytes).toString(16).toUpperCase();

/** A call as an urlencoded form. */
export const formCall = (operation: string, parameters: Said): Asking => ({
  method: 'POST',
  path: `/srv.asmx/${operation}`,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: Buffer.from(new URLSearchParams(parameters).toString()),
});

/** What is said of a chunk, besides its bytes. */
export interface ChunkFacts {
  readonly ticket: string;
  readonly handler: string;
  readonly crc: string;
  readonly last: boolean;
}

/** A chunk in a SOAP call. */
export const soapChunk = ({ ticket, handler, crc, last }: ChunkFacts, bytes: Buffer): Asking => ({
  method: 'POST',
  path: '/srv.asmx',
  headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '"http://tempuri.org/UploadFileChunk"' },
  body: Buffer.from(
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><UploadFileChunk xmlns="http://tempuri.org/"><AuthenticationTicket>${ticket}</AuthenticationTicket><UploadHandler>${handler}</UploadHandler><FileChunk>${bytes.toString('base64')}</FileChunk><ChunkHEXCRC>${crc}</ChunkHEXCRC><LastChunk>${last}</LastChunk></UploadFileChunk></e:Body></e:Envelope>`,
  ),
});

/** A chunk as browsers send it, with what is said of it behind it. */
export const multipartChunk = ({ ticket, handler, crc, last }: ChunkFacts, bytes: Buffer): Asking => {
  const part = (name: string, more = '') => `--B\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`;
  const before = `${part('authenticationTicket')}${ticket}\r\n${part('uploadHandler')}${handler}\r\n`;
  const after = `\r\n${part('chunkHEXCRC')}${crc}\r\n${part('lastChunk')}${last}\r\n--B--\r\n`;
  const file = part('fileChunk', '; filename="blob"\r\nContent-Type: application/octet-stream');
  return {
    method: 'POST',
    path: '/srv.asmx/UploadFileChunk',
    headers: { 'content-type': 'multipart/form-data; boundary=B' },
    body: Buffer.concat([Buffer.from(before + file), bytes, Buffer.from(after)]),
  };
};

/** The attributes of the element of that name in an answer, namespaces aside. */
export const attributesOf = (xml: string, name = 'response'): Said => {
  const [, written = ''] = new RegExp(`<${name}((?: [\\w:]+="[^"]*")*)`).exec(xml) ?? [];
  const pairs = [...written.matchAll(/ ((?!xmlns)[\w:]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]);
  return Object.fromEntries(pairs) as Said;
};
