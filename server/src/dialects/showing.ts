import type { Upload } from '../engine/upload.js';
import type { Json } from '../kit/json.js';
import type { Account } from '../services/accounts/accounts.js';
import type { Job } from '../services/jobs/jobs.js';

/** What becomes of uploads and takes its time, as people follow it: faxes, conversions. */
export interface Task {
  /** Unique in its dialect; has no `/`. */
  readonly id: string;
  /** Account name. */
  readonly owner: string;
  /** For people: `Fax to +49 30 1234567`. */
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  /** Its state in the dialect's own words, or why it failed. */
  readonly message: string;
  /** 0 to 1; null: not known. */
  readonly progress: number | null;
  /** How many pages can be looked at. */
  readonly pages: number;
  /** What else is to be known: `['Pages sent', '3']`. No secrets. */
  readonly facts: readonly (readonly [string, string])[];
  readonly may: { readonly retry: boolean; readonly cancel: boolean };
  /** ms since 1970. */
  readonly createdAt: number;
  readonly endedAt: number | null;
}

/** Which tasks are asked for: all, unless told. */
export interface TaskQuery {
  readonly owner?: string;
  readonly state?: Task['state'];
  readonly limit: number;
}

/** The tasks of a dialect. */
export interface Tasks {
  /** The newest first, at most `limit`. */
  list(query: TaskQuery): Promise<readonly Task[]>;
  find(id: string): Promise<Task | undefined>;
  /** A page as a picture that browsers show, counted from 1; nothing where there is no such page. */
  page(id: string, number: number): Promise<{ readonly type: string; readonly body: Uint8Array } | undefined>;
  /**
   * Has it done anew, as far as it failed, and gives the id of the task that does it: its own, or that of a new one. Refuses
   * `malformed` where `may` does not say so, or nothing is known of it.
   */
  retry(id: string): Promise<string>;
  /** Ends it for good. Refuses `malformed` where `may` does not say so, or nothing is known of it. */
  cancel(id: string): Promise<void>;
  /**
   * The id of the task that a job of the queue is done for; nothing where it is none of these. A change of the job is one of its
   * task. One that runs goes on without the job being changed, so whoever watches looks at it again from time to time.
   */
  of(job: Job): string | undefined;
}

/** What is refused whatever its bytes are. */
export interface Intake {
  /** Bytes; null: no limit. */
  readonly maxSize: number | null;
  /** Endings of names that are taken, in lower case, without a dot; null: all. */
  readonly endings: readonly string[] | null;
}

/** What is known of a dialect's uploads beside the engine's facts, for the people who watch them. Every part may be missing. */
export interface Showing {
  /** The file's name as the client said it, from the upload's metadata alone. */
  name?(upload: Upload): string | undefined;
  readonly tasks?: Tasks;
  /** What an account's uploads may be. */
  intake?(account: Account): Promise<Intake>;
}

/**
 * Something to copy and to try: shell commands in which `$BASE` stands for the dialect's address, without a slash at the end;
 * `$NAME` and `$PASSWORD` for an account's, `$FILE` for the path of a file. A test runs each of them.
 */
export interface Sample {
  readonly title: string;
  readonly code: string;
}

/** How the `longshore` command uploads in a dialect: `flags` name it; `path` is where, below its address. */
export const commandSample = (flags: string, path = '/'): Sample => ({
  title: 'With the longshore command',
  code: `LONGSHORE_PASSWORD="$PASSWORD" longshore upload "$FILE" ${flags}--to "$BASE${path}" --user "$NAME"`,
});

/** The text that metadata have under a key; nothing where there is none. */
export const textIn = (metadata: Json, key: string): string | undefined => {
  const found =
    metadata !== null && typeof metadata === 'object' && !Array.isArray(metadata) ? metadata[key] : undefined;
  return typeof found === 'string' && found !== '' ? found : undefined;
};
