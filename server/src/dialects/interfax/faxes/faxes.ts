import type { FactReader, Facts } from '../../../engine/ports.js';
import type { Json } from '../../../kit/json.js';
import type { Fax, FaxDocument, FaxImage, FaxProgress, FaxSettings, Recipient } from './fax.js';
import type { Status } from './statuses.js';

/** The kind of the job that brings a fax to its end; its input is a `FaxJob`. */
export const faxJobKind = 'interfax-fax';

export type FaxJob = { readonly fax: number };

/** Reads a job's input. Throws where it is none of ours. */
export const readFaxJob = (input: Json): FaxJob => {
  const fax = input !== null && typeof input === 'object' && !Array.isArray(input) ? input.fax : undefined;
  if (typeof fax !== 'number') throw new Error('the input of a fax job names no fax');
  return { fax };
};

/** What is to be faxed, and to whom. */
export interface FaxOrder {
  /** The account's name. */
  readonly owner: string;
  /** At least one; each gets a fax of its own. */
  readonly recipients: readonly Recipient[];
  readonly settings: FaxSettings;
  readonly documents: readonly FaxDocument[];
  /** Not before then, ms since 1970; null: at once. */
  readonly postponedTo: number | null;
}

/** Which of an owner's faxes are asked for: those that `matches`, the newest first. */
export interface FaxQuery {
  readonly owner: string;
  /** Bounds of the ids, both included. */
  readonly from?: number;
  readonly to?: number;
  /** Only those that are not over. */
  readonly active?: boolean;
  /** Also those that were hidden. */
  readonly hidden?: boolean;
  readonly matches?: (fax: Fax) => boolean;
  readonly limit: number;
}

/** The faxes, all in the ledger. What takes `facts` is part of the caller's transaction; the rest is one of its own. */
export interface Faxes {
  /**
   * Enters an order: a fax with consecutive ids for each recipient, and a job for each. The documents' objects are held from
   * then on. Gives the first id, which is the batch's. Nothing of it is there unless the transaction commits.
   */
  submit(facts: Facts, order: FaxOrder): Promise<number>;
  find(facts: FactReader, id: number): Promise<Fax | undefined>;
  /** The faxes of a batch, by the id of its first; nothing where it is none. */
  batch(facts: FactReader, parent: number): Promise<Fax[]>;
  list(facts: FactReader, query: FaxQuery): Promise<Fax[]>;
  /** How many faxes an owner has that are not hidden. */
  count(facts: FactReader, owner: string): Promise<number>;
  /** Ends those of these faxes that wait; says which. Their jobs are ended, too. */
  cancel(ids: readonly number[]): Promise<number[]>;
  hide(facts: Facts, id: number): Promise<void>;

  /** For the worker: the fax, unless it is over (cancelled, or done by an earlier run) and there is nothing to do. */
  take(id: number): Promise<Fax | undefined>;
  /** Notes how far a fax has come. False where it is over by now: the worker is to let go of it. */
  progress(id: number, status: Status, known?: Partial<Omit<FaxProgress, 'status'>>): Promise<boolean>;
  /**
   * Notes the pages that a batch was rendered to; for the `record` of the upload's finish that makes them. They are held with its
   * documents. False where it has pages, or needs none any more: then nobody holds these, and they are freed in time.
   */
  batchRendered(facts: Facts, parent: number, pages: FaxImage): Promise<boolean>;
  /**
   * Notes the image of a fax; for the `record` of the upload's finish that makes it, or with the pages of its batch. It is held with
   * the fax. False where the fax is over, or has an image: then it does not hold this one, which is freed in time if nobody else does.
   */
  rendered(facts: Facts, id: number, image: FaxImage): Promise<boolean>;
  /** Brings a fax to its end, with a status that is no longer active. False where it is over already. */
  finished(id: number, status: Status, known?: Partial<Omit<FaxProgress, 'status'>>): Promise<boolean>;
  /** Brings all faxes of a batch to their end that are not over. */
  batchFinished(parent: number, status: Status): Promise<void>;
  /** The image of a fax; nothing while there is none, or no longer. */
  image(id: number): Promise<FaxImage | undefined>;
}
