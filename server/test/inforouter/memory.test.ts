import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, type ServerProcess, startServer } from '../server-process.js';
import { hex } from './desk.js';
import { type Parameters, responseOf } from './transports.js';
import { readXml } from './xml.js';

// The largest chunks there are, and what a server process takes for them: less than two chunks for each request in flight.

const largest = 33_554_432;
const chunk = randomBytes(largest);
const crc = hex(chunk);

let server: ServerProcess;
let endpoint: string;
let ticket: string;
beforeAll(async () => {
  server = await startServer();
  endpoint = `${server.url}/srv.asmx`;
  ticket = (await ask('AuthenticateUser', { UID: account.login, PWD: account.password })).attributes.ticket ?? '';
});
afterAll(() => server.remove());

const ask = (operation: string, parameters: Parameters = {}) =>
  responseOf('POST', { endpoint, operation, parameters: { AuthenticationTicket: ticket, ...parameters } });

/** Memory of the process that is in RAM, bytes: now (`VmRSS`), or at its peak (`VmHWM`) since `forgetPeak`. */
const memory = async (what: 'VmRSS' | 'VmHWM'): Promise<number> => {
  const status = await readFile(`/proc/${server.pid()}/status`, 'latin1');
  return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(status)?.[1]) * 1024;
};

const forgetPeak = () => writeFile(`/proc/${server.pid()}/clear_refs`, '5');

/** A whole request, made before anything is measured. */
interface Message {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pieces: readonly Buffer[];
}

const soap = (handler: string, bytes: Buffer, checksum: string): Message => {
  const element = (name: string, value: string) => `<${name}>${value}</${name}>`;
  const before = element('AuthenticationTicket', ticket) + element('UploadHandler', handler);
  const after = element('ChunkHEXCRC', checksum) + element('LastChunk', 'true');
  const [open, close] = [
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><UploadFileChunk xmlns="http://tempuri.org/">',
    '</UploadFileChunk></s:Body></s:Envelope>',
  ];
  return {
    path: '/srv.asmx',
    headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '"http://tempuri.org/UploadFileChunk"' },
    pieces: [
      Buffer.from(`${open}${before}<FileChunk>`),
      Buffer.from(bytes.toString('base64')),
      Buffer.from(`</FileChunk>${after}${close}`),
    ],
  };
};

const multipart = (handler: string, bytes: Buffer, checksum: string): Message => {
  const part = (name: string, value: string, more = '') =>
    `--B\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}`;
  const field = (name: string, value: string) => `${part(name, value)}\r\n`;
  const file = part('fileChunk', '', '; filename="blob"\r\nContent-Type: application/octet-stream');
  return {
    path: '/srv.asmx/UploadFileChunk',
    headers: { 'content-type': 'multipart/form-data; boundary=B' },
    pieces: [
      Buffer.from(field('authenticationTicket', ticket) + field('uploadHandler', handler) + file),
      bytes,
      Buffer.from(`\r\n${field('chunkHEXCRC', checksum)}${field('lastChunk', 'true')}--B--\r\n`),
    ],
  };
};

const urlencoded = (handler: string, bytes: Buffer, checksum: string): Message => ({
  path: '/srv.asmx/UploadFileChunk',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  pieces: [
    Buffer.from(`AuthenticationTicket=${ticket}&UploadHandler=${handler}&FileChunk=`),
    Buffer.from(encodeURIComponent(bytes.toString('base64'))),
    Buffer.from(`&ChunkHEXCRC=${checksum}&LastChunk=true`),
  ],
});

const send = ({ path, headers, pieces }: Message): Promise<string> =>
  new Promise((resolve, reject) => {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const options = { method: 'POST', headers: { ...headers, 'content-length': length }, agent: false };
    const sent = request(`${server.url}${path}`, options, (reply) => resolve(text(reply)));
    sent.on('error', reject);
    for (const piece of pieces) sent.write(piece);
    sent.end();
  });

const openHandlers = async (count: number): Promise<string[]> => {
  const handlers: string[] = [];
  for (let made = 0; made < count; made += 1)
    handlers.push((await ask('CreateUploadHandler')).attributes.UploadHandler ?? '');
  return handlers;
};

/** By how much a server's memory grows at most while `work` is done. */
const growthDuring = async (work: () => Promise<void>): Promise<number> => {
  await forgetPeak();
  const before = await memory('VmRSS');
  await work();
  return (await memory('VmHWM')) - before;
};

describe.each([
  ['SOAP', soap],
  ['multipart/form-data', multipart],
  ['urlencoded base64', urlencoded],
])('chunks of 32 MiB by %s', (_manner, messageOf) => {
  beforeAll(async () => {
    // What a process takes to warm up is not counted.
    const small = chunk.subarray(0, 2 ** 20);
    for (const handler of await openHandlers(10))
      expect(await send(messageOf(handler, small, hex(small)))).toContain('filehexcrc=');
  });

  test.each([1, 4])('%i at once', async (count) => {
    const handlers = await openHandlers(count);
    const messages = handlers.map((handler) => messageOf(handler, chunk, crc));
    const answers: string[] = [];
    const growth = await growthDuring(async () => {
      answers.push(...(await Promise.all(messages.map(send))));
    });
    expect(answers).toHaveLength(count);
    for (const answer of answers) expect(answer).toContain(`filehexcrc="${crc}"`);
    expect(growth).toBeLessThan(2 * largest * count);
    for (const UploadHandler of handlers) await ask('DeleteUploadHandler', { UploadHandler });
  });
});

test('chunks of 32 MiB that are downloaded, 2 at once', async () => {
  const [handler = ''] = await openHandlers(1);
  await send(multipart(handler, chunk, crc));
  const committed = await ask('UploadDocumentWithHandler', { Path: '/Documents/large.bin', UploadHandler: handler });
  expect(committed.attributes.success).toBe('true');
  const opened = await ask('GetDownloadHandler', { Path: '/Documents/large.bin', PreferedChunkSize: largest });
  expect(opened.attributes.ChunkSize).toBe(String(largest));
  const query = new URLSearchParams({
    ...{ AuthenticationTicket: ticket, DownloadHandler: opened.attributes.downloadhandler ?? '' },
    ...{ StartOffset: '0', ChunkSize: String(largest) },
  });
  const got: string[] = [];
  const growth = await growthDuring(async () => {
    const replies = [0, 1].map(() => fetch(`${endpoint}/DownloadFileChunk?${query}`).then((reply) => reply.text()));
    got.push(...(await Promise.all(replies)));
  });
  for (const each of got) {
    const { attributes, text: base64 } = readXml(each);
    expect(attributes).toMatchObject({ chunklength: String(largest), lastchunk: 'true' });
    expect(Buffer.from(base64, 'base64').equals(chunk)).toBe(true);
  }
  expect(growth).toBeLessThan(2 * largest * got.length);
});
