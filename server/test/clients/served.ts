import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type ServerProcess, startServer } from '../server-process.js';

/** The server process of the tests that run. */
export let served: ServerProcess;
/** A folder for what its clients read and write. */
export let folder: string;

/** Gives the tests of a file, or of a group, one server process and one folder. */
export const allWithServer = (): void => {
  beforeAll(async () => {
    served = await startServer();
    folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  });
  afterAll(async () => {
    await served.remove();
    await rm(folder, { recursive: true, force: true });
  });
};
