import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** Where `longshore upload` remembers unfinished uploads. */
export const stateFolder = (environment: Readonly<Record<string, string | undefined>>, home: string): string => {
  const { XDG_STATE_HOME: given = '' } = environment;
  // A relative path there is invalid and to be passed over (XDG Base Directory Specification).
  return join(isAbsolute(given) ? given : join(home, '.local', 'state'), 'longshore');
};

/** What an unfinished upload is found again by. A file that was changed since is another one. */
export interface UploadKey {
  /** Absolute. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Ms since 1970. */
  readonly modified: number;
  readonly url: string;
  readonly dialect: string;
}

/** What is remembered of one upload. */
export interface StoredState {
  /** The state, or undefined where there is none that can be read. */
  read(): Promise<unknown>;
  /** Replaces the state; a crash leaves the old or the new one. Writes follow each other, and the latest wins. */
  write(state: unknown): void;
  /** Resolves when nothing is being written. */
  settled(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * The file for one upload in `folder`. It is for its owner alone: an upload's address may be all one needs to go on with
 * it. Where it cannot be written `warn` is told once; an upload does not fail for that.
 */
export const storedState = (folder: string, key: UploadKey, warn: (error: unknown) => void): StoredState => {
  const { path, size, modified, url, dialect } = key;
  const name = createHash('sha256')
    .update(JSON.stringify([path, size, modified, url, dialect]))
    .digest('hex');
  const file = join(folder, `${name}.json`);
  let next: { readonly state: unknown } | undefined;
  let writing: Promise<void> | undefined;
  let failed = false;

  const drain = async (): Promise<void> => {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      while (next !== undefined) {
        const text = JSON.stringify(next.state);
        next = undefined;
        await writeFile(`${file}.new`, text, { mode: 0o600 });
        await rename(`${file}.new`, file);
      }
    } catch (error) {
      failed = true;
      warn(error);
    } finally {
      writing = undefined;
    }
  };

  return {
    read: async () => {
      try {
        return JSON.parse(await readFile(file, 'utf8'));
      } catch {
        return undefined;
      }
    },
    write: (state) => {
      if (failed) return;
      next = { state };
      writing ??= drain();
    },
    settled: async () => {
      await writing;
    },
    remove: async () => {
      await writing;
      await rm(file, { force: true });
    },
  };
};
