import type * as dialects from '../../src/dialects/index.js';
import type { Server } from '../memory-server.js';

/** A dialect of the registry. */
export type DialectName = keyof typeof dialects;

/** What a client is answered, in its dialect's own words: a status number, a state, the sentence of a fault. */
export type Answer = string | number;

/** A file that is to be uploaded, as far as the dialect lets its client say so beforehand. */
export interface Begin {
  /** Bytes. */
  readonly size: number;
  /** SHA-1 of the whole, hex. */
  readonly sha1?: string;
}

/** A piece of it. */
export interface Chunk {
  readonly offset: number;
  readonly bytes: Buffer;
  /** SHA-1 of the piece, hex. */
  readonly sha1?: string;
}

/** A tiny client of one dialect. It never tries again and judges nothing. */
export interface Teller {
  /** Begins an upload; gives what names it from then on. */
  begin(file: Begin): Promise<string>;
  send(upload: string, chunk: Chunk): Promise<Answer>;
  /** Sends a chunk and hangs up after so many bytes of it; resolves when the connection is gone. */
  cut(upload: string, chunk: Chunk, after: number): Promise<void>;
  /** Asks how far the upload is: a number of bytes where the dialect tells it. */
  look(upload: string): Promise<Answer>;
  /** Says that all has been sent. */
  finish(upload: string): Promise<Answer>;
  cancel(upload: string): Promise<Answer>;
}

/** How a dialect is served and spoken. */
export interface Telling {
  serve(): Promise<Server>;
  /** A client of that server, with an account of the memory server. */
  teller(server: Server, account: string): Teller;
  /** What uploads became, the oldest first, where that is not the files of the catalog. */
  objects?(server: Server): Promise<readonly { readonly object: string; readonly size: number }[]>;
}

/** What a story comes to in one dialect. */
export type Expected =
  | {
      readonly answers: readonly Answer[];
      /** What uploads have become at the end, the oldest first. */
      readonly files: readonly string[];
    }
  /** The protocol has no way to tell this. */
  | { readonly cannot: string };

/** One thing that happens to uploads, told in every dialect. */
export interface Story {
  readonly name: string;
  /** Tells it as alice, and where it takes two, as bob; gives the answers that matter. */
  tell(alice: Teller, bob: Teller): Promise<readonly Answer[]>;
  /** A dialect without a row is a type error. */
  readonly expected: Readonly<Record<DialectName, Expected>>;
}
