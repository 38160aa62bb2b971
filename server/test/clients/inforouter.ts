import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { account, type ServerProcess, startServer } from '../server-process.js';

/** What every client of infoRouter is asked to do: upload two versions of a document in chunks, and read them back. */
export interface Task {
  readonly wsdl: string;
  readonly login: string;
  readonly password: string;
  /** Bytes. */
  readonly chunkSize: number;
  readonly path: string;
  /** The first version's bytes, and the second's. */
  readonly files: readonly [string, string];
}

/** What a client makes of it. */
export interface Outcome {
  /** How often a chunk had to be sent again: once in each version. */
  readonly again: number;
  /** The document's id, as each version's upload was answered. */
  readonly ids: readonly string[];
  /** The attributes of the documents in the folder. */
  readonly listed: readonly Readonly<Record<string, string>>[];
  readonly versions: readonly number[];
  readonly comments: readonly (string | null)[];
  /** Is what came back, chunk by chunk, what was uploaded? */
  readonly same: readonly boolean[];
  /** And by DownloadDocument? */
  readonly whole: boolean;
  /** The attributes of the answer about a document that is not there. */
  readonly refused: Readonly<Record<string, string>>;
}

const chunkSize = 2 ** 20;

/** A server, and the files to upload: 10 MB, and 3 MiB and a bit. */
export interface Desk {
  readonly server: ServerProcess;
  /** The address of the web services. */
  readonly endpoint: string;
  readonly contents: readonly [Buffer, Buffer];
  task(path: string): Task;
  remove(): Promise<void>;
}

/** Starts a server of its own. */
export const openDesk = async (): Promise<Desk> => {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  const contents = [randomBytes(10_000_000), randomBytes(3 * chunkSize + 7)] as const;
  const files = [join(folder, 'first.bin'), join(folder, 'second.bin')] as const;
  await Promise.all([writeFile(files[0], contents[0]), writeFile(files[1], contents[1])]);
  const server = await startServer();
  const endpoint = `${server.url}/infoRouter/srv.asmx`;
  return {
    server,
    endpoint,
    contents,
    task: (path) => ({ wsdl: `${endpoint}?WSDL`, ...account, chunkSize, path, files }),
    remove: async () => {
      await server.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** What must have come of a task, whatever client did it. */
export const expectOutcome = (outcome: Outcome, { path }: Pick<Task, 'path'>): void => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const [id = ''] = outcome.ids;
  expect(id).toMatch(/^[1-9]\d*$/);
  expect(outcome).toEqual({
    again: 2,
    ids: [id, id],
    listed: [
      expect.objectContaining({
        ...{ DocumentID: id, Name: name, Size: String(3 * chunkSize + 7) },
        ...{ VersionNumber: '1000001', VersionCount: '2', PublishedVersionNumber: '1000001' },
      }),
    ],
    versions: [1_000_000, 1_000_001],
    comments: ['first', 'Zweite & letzte'],
    same: [true, true],
    whole: true,
    refused: { success: 'false', errorCode: '4041', errorcode: '4041', error: 'Document not found.' },
  });
};
