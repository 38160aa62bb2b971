import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect } from 'vitest';
import { pdfOf } from '../interfax/documents.js';
import { readPage, render } from '../interfax/rendered.js';
import { account, type ServerProcess, startServer } from '../server-process.js';

/** What every client of InterFAX is asked to do: upload a document in three chunks, fax it, and get its pages. */
export interface Task {
  readonly wsdl: string;
  /** The address of the web service, for clients that read no WSDL. */
  readonly endpoint: string;
  readonly login: string;
  readonly password: string;
  readonly file: string;
  /** Bytes of the first chunk and of the second; the third is the rest. */
  readonly sizes: readonly [number, number];
  readonly number: string;
  /** Where the pages are to be written to. */
  readonly image: string;
}

/** What a client makes of it. */
export interface Outcome {
  /** What each chunk was answered. */
  readonly totals: readonly number[];
  /** What one more chunk was answered. */
  readonly late: number;
  readonly transaction: number;
  /** How the fax ended, as FaxStatus shows it. */
  readonly item: { readonly Status: number; readonly PagesSent: number; readonly DestinationFax: string };
  /** What GetFaxImage was answered. */
  readonly fetched: number;
  /** What a fax of the same session was answered. */
  readonly again: number;
}

const sizes = [50_000, 120_000] as const;
const pages = 3;

/** A PDF of three pages, with about 3 kB more for each of the lines that nobody sees. */
const documentOf = (lines: number): Buffer =>
  pdfOf(
    Array.from({ length: pages }, (_, page) => {
      const text = `BT /F 24 Tf 72 ${700 - page * 100} Td (This is page ${page + 1} of a fax) Tj ET`;
      return `${text}\n${`% ${'x'.repeat(997)}\n`.repeat(lines)}`;
    }),
  );

/** Of more bytes than two chunks. */
const document = documentOf(100);

/** A server whose faxes leave by the transport `none`, and a document. */
export interface Desk {
  readonly server: ServerProcess;
  readonly endpoint: string;
  readonly document: Buffer;
  /** The document's file; and another one of the same pages and more than 2 MiB. */
  readonly file: string;
  readonly bigFile: string;
  task(name: string): Task;
  remove(): Promise<void>;
}

/** Starts a server of its own. */
export const openDesk = async (): Promise<Desk> => {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  const file = join(folder, 'letter.pdf');
  const bigFile = join(folder, 'big.pdf');
  await Promise.all([writeFile(file, document), writeFile(bigFile, documentOf(900))]);
  const server = await startServer({ args: ['--dialects-interfax-transport', 'none'] });
  const endpoint = `${server.url}/dfs.asmx`;
  return {
    server,
    endpoint,
    document,
    file,
    bigFile,
    task: (name) => ({
      wsdl: `${endpoint}?WSDL`,
      endpoint,
      ...account,
      file,
      sizes,
      number: '+44 (20) 7946-0123',
      image: join(folder, `${name}.tif`),
    }),
    remove: async () => {
      await server.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** The pages at a path must be those of the document: as many, of the same size and resolution, and with the same dots. */
export const expectPages = async (path: string): Promise<void> => {
  const facts = { format: 'tiff', width: 1728, pages, bitsPerSample: 1, density: 204 };
  expect(await sharp(path).metadata()).toMatchObject({ ...facts, height: 2292 });
  await render([{ type: 'pdf', bytes: document }], async (fax) => {
    for (let page = 0; page < pages; page += 1) {
      const [got, wanted] = [await readPage(path, page), await readPage(fax.path, page)];
      // The words are on it, and nothing below them.
      const top = Math.round(((842 - 700 + page * 100 - 24) / 842) * got.height);
      expect(got.black(200, top, 800, 80)).toBeGreaterThan(0.01);
      expect(got.black(0, top + 200, got.width, 200)).toBe(0);
      expect(got.data.equals(wanted.data)).toBe(true);
    }
  });
};

/** What must have come of a task, whatever client did it. */
export const expectOutcome = async (outcome: Outcome, { image }: Task): Promise<void> => {
  const [first, second] = sizes;
  expect(outcome).toEqual({
    totals: [first, first + second, document.length],
    late: -1062,
    transaction: expect.any(Number),
    item: { Status: 0, PagesSent: pages, DestinationFax: '00442079460123' },
    fetched: 0,
    again: -1062,
  });
  expect(outcome.transaction).toBeGreaterThan(0);
  await expectPages(image);
};
