import type { Declared } from '../../../engine/digests.js';
import type { Json } from '../../../kit/json.js';

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/**
 * What a job is said to be (specs/api2convert.md §4.1): the codes that every client knows, and `canceled`. `pending` and
 * `queued` are listed by `GET /statuses` and never told of a job, for older clients fail on them (§1.2).
 */
export type StatusCode = 'incomplete' | 'ready' | 'downloading' | 'processing' | 'completed' | 'failed' | 'canceled';

/** The texts of all statuses, in the order of a job's life. */
export const statusTexts = {
  incomplete: 'The job is missing an input or a conversion.',
  ready: 'The job is ready to be started.',
  pending: 'The job is waiting for its inputs to be downloaded.',
  downloading: 'The inputs of the job are being downloaded.',
  queued: 'The job is waiting to be processed.',
  processing: 'The file is currently being processed.',
  completed: 'The job has been completed; its outputs can be downloaded.',
  failed: 'The job has failed.',
  canceled: 'The job has been canceled.',
} as const satisfies Record<StatusCode | 'pending' | 'queued', string>;

/** Nothing happens to the job any more. */
export const isOver = (status: StatusCode): boolean =>
  status === 'completed' || status === 'failed' || status === 'canceled';

/** A fault or a warning of a job. */
export interface Trouble {
  readonly source: 'input' | 'conversion';
  /** The id of that input or conversion. */
  readonly idSource: string;
  /** 17: a remote file was not found; 99: a cloud said no; 4: an input was refused; 5: a conversion failed. */
  readonly code: number;
  readonly message: string;
}

/** Bytes of a job that rest in the store: an input that is there, or an output. */
export interface StoredFile {
  /** The id of its file in the catalog. */
  readonly file: number;
  readonly object: string;
  /** Bytes. */
  readonly size: number;
  readonly digests: Declared;
  readonly type: string;
}

export type InputType = 'remote' | 'upload' | 'base64' | 'input_id' | 'output' | 'gdrive_picker' | 'cloud';

/** One input of a job. */
export interface Input {
  readonly id: string;
  readonly type: InputType;
  readonly status: 'downloading' | 'ready' | 'failed' | 'canceled';
  /** A URL, an id, or the name of what was uploaded. Of base64 it is not kept. */
  readonly source: string;
  readonly engine: string;
  readonly options: JsonObject;
  readonly parameters: JsonObject;
  readonly metadata: JsonObject;
  readonly filename: string;
  /** For documents that are encrypted; never told. */
  readonly password: string | null;
  /** Set when it is there. */
  readonly stored: StoredFile | null;
  /** The durable job that fetches it; null where nothing is fetched. */
  readonly work: string | null;
  /** ms since 1970. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** One conversion that a job is to do. */
export interface JobConversion {
  readonly id: string;
  readonly category: string;
  readonly target: string;
  /** As the client said them, judged. */
  readonly options: JsonObject;
  readonly metadata: JsonObject;
}

/** One result of a job. */
export interface Output {
  readonly id: string;
  readonly conversion: string;
  readonly inputs: readonly string[];
  readonly filename: string;
  readonly disabled: boolean;
  readonly downloads: number;
  readonly stored: StoredFile;
  /** Its own passwords, as `downloads/passwords.ts` keeps them. */
  readonly passwords: readonly string[];
  /** ms since 1970. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** A change of a job's status. */
export interface HistoryEntry {
  readonly id: string;
  readonly status: StatusCode;
  readonly at: number;
}

/** A job as the ledger keeps it, under its id. */
export interface JobRecord {
  readonly owner: string;
  /** 32 hex digits, as clients are told it with every answer. */
  readonly token: string;
  readonly status: StatusCode;
  readonly errors: readonly Trouble[];
  readonly warnings: readonly Trouble[];
  readonly process: boolean;
  readonly failOnInputError: boolean;
  readonly failOnConversionError: boolean;
  readonly conversions: readonly JobConversion[];
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
  /** Outputs of a conversion that is under way; they become `outputs` when it has ended well. */
  readonly results: readonly Output[];
  readonly limits: JsonObject;
  readonly callback: string;
  readonly notifyStatus: boolean;
  /** Of all outputs; kept as those of an output are. */
  readonly passwords: readonly string[];
  readonly history: readonly HistoryEntry[];
  /** `http://host/v2/dl/web1`: where the client that made it reached us. Callbacks tell it; others are told their own. */
  readonly server: string;
  /** The durable job that does the conversions; null until it is started. */
  readonly work: string | null;
  /** ms since 1970. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** The catalog folder with its files; null until there is one. */
  readonly folder: number | null;
  /** Under which the request that made it can be repeated; null where it named no such key. */
  readonly idempotency: string | null;
  /** When its files are removed, and once they are, when the job is. */
  readonly expiresAt: number;
  readonly purged: boolean;
}
