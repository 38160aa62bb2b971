import { crc32 } from 'node:zlib';
import type { Parameters, TransportName } from './transports.js';
import { responseOf } from './transports.js';
import { childOf, type Xml } from './xml.js';

/** The bytes of a test document's first and second version, and their CRC-32 as published: `123456789` has CBF43926. */
export const versions = [
  { bytes: Buffer.from('123456789'), size: '9', crc: 'cbf43926', number: '1000000' },
  { bytes: Buffer.from('The quick brown fox jumps over the lazy dog'), size: '43', crc: '414fa339', number: '1000001' },
] as const;

/** A checksum as the vendor's samples write it: upper case, without leading zeros. */
export const hex = (bytes: Uint8Array): string => crc32(bytes).toString(16).toUpperCase();

/** Somebody who is logged in and has a folder of their own to work in. */
export interface Desk {
  readonly endpoint: string;
  readonly ticket: string;
  /** The folder’s path, and its name. */
  readonly folder: string;
  readonly folderName: string;
  /** Calls an operation with the ticket by any transport, and gives its `response`. */
  ask(operation: string, parameters?: Parameters, transport?: TransportName): Promise<Xml>;
  /** The same; throws where the answer says no. */
  must(operation: string, parameters?: Parameters, transport?: TransportName): Promise<Xml>;
  /** A document of two versions, of which the first one is published; gives its path. */
  document(name?: string): Promise<string>;
  /** The id of a document. */
  idOf(path: string): Promise<string>;
  /** A folder in the folder; gives its path. */
  subfolder(name?: string): Promise<string>;
  /** A handler that has had chunks, the last one too if `last`; gives its GUID. */
  handler(last?: boolean): Promise<string>;
  /** A download handler of a document; gives its GUID. */
  download(path: string): Promise<string>;
}

/** Logs in. */
export const ticketOf = async (endpoint: string, UID: string): Promise<string> =>
  (await responseOf('GET', { endpoint, operation: 'AuthenticateUser', parameters: { UID, PWD: 'secret' } })).attributes
    .ticket ?? '';

/** Makes a desk whose folder has this name. */
export const openDesk = async (endpoint: string, folderName: string, UID = 'alice'): Promise<Desk> => {
  const ticket = await ticketOf(endpoint, UID);
  const folder = `/Documents/${folderName}`;
  const ask = (operation: string, parameters: Parameters = {}, transport: TransportName = 'multipart') =>
    responseOf(transport, { endpoint, operation, parameters: { AuthenticationTicket: ticket, ...parameters } });
  const must = async (operation: string, parameters: Parameters = {}, transport: TransportName = 'multipart') => {
    const response = await ask(operation, parameters, transport);
    if (response.attributes.success !== 'true') throw new Error(`${operation}: ${response.attributes.error}`);
    return response;
  };
  const handler = async (last = true): Promise<string> => {
    const { UploadHandler = '' } = (await must('CreateUploadHandler', { PreferedChunkSize: 0 })).attributes;
    const [{ bytes }] = versions;
    await must('UploadFileChunk', { UploadHandler, FileChunk: bytes, ChunkHEXCRC: hex(bytes), LastChunk: last });
    return UploadHandler;
  };
  await must('CreateFolder', { Path: folder });
  return {
    endpoint,
    ticket,
    folder,
    folderName,
    ask,
    must,
    handler,
    document: async (name = 'lake.txt') => {
      const Path = `${folder}/${name}`;
      const [first, second] = versions;
      await must('UploadDocument1', { Path, FileContent: first.bytes, VersionComment: 'first' });
      const xmlParameters = '<parameters><parameter Name="PUBLISHOPTION" Value="DontPublish"/></parameters>';
      await must('UploadDocument4', { Path, FileContent: second.bytes, xmlParameters });
      return Path;
    },
    idOf: async (Path) => childOf(await must('GetDocument', { Path }), 'document').attributes.DocumentID ?? '',
    subfolder: async (name = 'Deep') => {
      await must('CreateFolder', { Path: `${folder}/${name}` });
      return `${folder}/${name}`;
    },
    download: async (Path) =>
      (await must('GetDownloadHandler', { Path, PreferedChunkSize: 0 })).attributes.downloadhandler ?? '',
  };
};
