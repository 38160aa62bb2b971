import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { afterEach, expect, it } from 'vitest';
import { options } from '../../src/dialects/interfax/options.js';
import { defaultsOf } from '../../src/kit/options.js';
import type { Server } from '../memory-server.js';
import { alice, call, number, serveInterfax } from './calls.js';
import { pdfOf } from './documents.js';
import { readPage } from './rendered.js';

let server: Server;
afterEach(() => server.close());

/** The status of a fax, as a client learns it, when it is over. */
const end = async (id: number): Promise<Readonly<Record<string, string>>> => {
  for (let i = 0; i < 600; i += 1) {
    const { values } = await call(server, 'FaxStatus', { ...alice, LastTransactionID: id + 1, MaxItems: 1 });
    if (Number(values['Status']) >= 0) return values;
    await delay(100);
  }
  throw new Error(`fax ${id} does not come to an end`);
};

const send = (bytes: Buffer, type: string, FaxNumbers = '+442079460123', PageHeader = 'N') =>
  number(server, 'SendfaxEx_2', {
    ...{ ...alice, FaxNumbers, FilesData: bytes, FileTypes: type, FileSizes: String(bytes.length) },
    ...{ RetriesToPerform: 1, IsHighResolution: true, PageHeader },
  });

it('what was uploaded in chunks is rendered, put into the outgoing folder, and its image told', async () => {
  server = await serveInterfax();
  server.host.jobs.start();
  const pdf = pdfOf(['0 g 72 72 144 144 re f', '0 g 0 0 595 842 re f']);
  const { SessionID = '' } = (await call(server, 'StartFileUpload', alice)).values;
  await number(server, 'UploadFileChunk', { SessionID, Chunk: pdf.subarray(0, 100), IsLast: false });
  await number(server, 'UploadFileChunk', { SessionID, Chunk: pdf.subarray(100), IsLast: true });
  const id = await number(server, 'SendfaxEx_2', {
    ...alice,
    FaxNumbers: '+442079460123',
    FilesData: '',
    FileTypes: 'PDF',
    FileSizes: `${pdf.length}/sessionID=${SessionID}`,
    IsHighResolution: true,
    PageSize: 'A4',
  });
  expect(id).toBeGreaterThan(0);
  expect(await end(id)).toMatchObject({ Status: '0', PagesSent: '2', PagesSubmitted: '2' });
  const { values } = await call(server, 'GetFaxImage', { ...alice, TransactionID: id });
  const image = Buffer.from(values['Image'] ?? '', 'base64');
  expect(await sharp(image).metadata()).toMatchObject({ pages: 2, width: 1728, height: 2292 });
  const folder = join(server.host.data, defaultsOf(options).spoolFolder);
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  expect(names).toHaveLength(2);
  expect(await readFile(join(folder, names[1] ?? ''))).toEqual(image);
  expect(JSON.parse(await readFile(join(folder, names[0] ?? ''), 'utf8'))).toMatchObject({
    id,
    image: names[1],
    number: '00442079460123',
    owner: 'alice',
    pages: 2,
  });
});

it('documents that cannot be rendered are 204000, those of a type that needs a program which is not here are not taken, and numbers say how faxes come out for those who test', async () => {
  server = await serveInterfax({ transport: 'none', libreOffice: '' });
  server.host.jobs.start();
  expect(await send(Buffer.from('words'), 'DOC')).toBe(-123);
  const text = Buffer.from('some words');
  const ids = [
    await send(text, 'TXT'),
    await send(text, 'TXT', '+442079460001'),
    await send(text, 'TXT', '+442079460002'),
    await send(text, 'PDF'),
  ];
  const statuses: string[] = [];
  for (const id of ids) statuses.push((await end(id))['Status'] ?? '');
  expect(statuses).toEqual(['0', '263', '3935', '204000']);
  expect((await call(server, 'GetFaxImage', { ...alice, TransactionID: ids[3] ?? 0 })).values).toMatchObject({
    GetFaxImageResult: '-1009',
  });
});

it('the faxes of a batch have the same pages, each with a header of its own', async () => {
  server = await serveInterfax({ transport: 'none' });
  server.host.jobs.start();
  const numbers = '+442079460123;+442079460124';
  const first = await send(pdfOf(['0 g 72 72 144 144 re f']), 'PDF', numbers, 'To {FaxNumber}');
  const pages: Buffer[] = [];
  for (const id of [first, first + 1]) {
    expect(await end(id)).toMatchObject({ Status: '0', PagesSent: '1' });
    const { values } = await call(server, 'GetFaxImage', { ...alice, TransactionID: id });
    pages.push((await readPage(Buffer.from(values['Image'] ?? '', 'base64'))).data);
  }
  const [one = Buffer.alloc(0), other = Buffer.alloc(0)] = pages;
  const header = 33 * 1728;
  expect(one.length).toBe(1728 * 2292);
  expect(one.subarray(0, header).equals(other.subarray(0, header))).toBe(false);
  expect(one.subarray(header).equals(other.subarray(header))).toBe(true);
  expect(one.subarray(header).includes(0)).toBe(true);
});
