import type { Upload } from '../engine/upload.js';
import type { Account } from '../services/accounts/accounts.js';

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

/** The tasks of a dialect. */
export interface Tasks {
  /** The newest first, at most `limit`; `owner`: only theirs. */
  list(query: { readonly owner?: string; readonly limit: number }): Promise<readonly Task[]>;
  find(id: string): Promise<Task | undefined>;
  /** A page as a picture that browsers show, counted from 1; nothing where there is no such page. */
  page(id: string, number: number): Promise<{ readonly type: string; readonly body: Uint8Array } | undefined>;
  /** Has it done anew, as far as it failed. Refuses `malformed` where `may` does not say so. */
  retry(id: string): Promise<void>;
  /** Ends it for good. Refuses `malformed` where `may` does not say so. */
  cancel(id: string): Promise<void>;
}

/** What is known of a dialect's uploads beside the engine's facts, for the people who watch them. Every part may be missing. */
export interface Showing {
  /** The file's name as the client said it, from the upload's metadata alone. */
  name?(upload: Upload): string | undefined;
  readonly tasks?: Tasks;
  /** What is refused whatever its bytes are. `endings`: of names, in lower case, without a dot; null: all are taken. */
  intake?(account: Account): { readonly maxSize: number | null; readonly endings: readonly string[] | null };
}

/** Something to copy and to try: shell commands in which `$BASE` stands for the dialect's address, without a slash at the end. */
export interface Sample {
  readonly title: string;
  readonly code: string;
}
