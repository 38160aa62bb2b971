import type { Status } from '../faxes/statuses.js';

/** A fax that is to be handed over. */
export interface Outgoing {
  /** Its transaction id. */
  readonly id: number;
  /** `[0-9a-z-]`: like no other fax's, also not one before the ledger was made anew; the same at each attempt. */
  readonly key: string;
  /** Which attempt at a transmission this is, counted from 1. */
  readonly attempt: number;
  /** Canonical: `0044` and the rest. */
  readonly number: string;
  readonly contact: string;
  /** The sender's id, at most 20 characters. */
  readonly csid: string;
  readonly subject: string;
  readonly owner: string;
  /** ms since 1970. */
  readonly submittedAt: number;
  readonly image: {
    /** A multi-page TIFF of CCITT group 4. */
    readonly bytes: () => AsyncIterable<Uint8Array>;
    /** Bytes. */
    readonly size: number;
    readonly pages: number;
    readonly pageSize: 'A4' | 'Letter' | 'Legal' | 'B4';
    readonly resolution: 'Standard' | 'Fine';
  };
  /** What was last noted for this attempt, by an earlier process perhaps; empty where nothing was. */
  readonly noted: string;
}

/** What a transport tells while it is at work. Each resolves when it is durable, and throws `Withdrawn` where the fax is over by now. */
export interface Line {
  /** Keeps what the transport will need to find the fax again after a restart. To be told before the point of no return. */
  note(what: string): Promise<void>;
  /** Is the fax on the line now? It cannot be cancelled then. */
  onLine(isOn: boolean): Promise<void>;
}

/** How an attempt at a transmission ended. */
export interface Outcome {
  /** 0: sent. Above 0: failed. */
  readonly status: Status;
  readonly pagesSent: number;
  /** Seconds on the line; 0 where the transport cannot tell. */
  readonly duration: number;
  /** What the other machine calls itself; empty where the transport cannot tell. */
  readonly remoteCsid: string;
}

/** What brings faxes on their way. */
export interface Transport {
  readonly name: string;
  /**
   * Makes one attempt at a transmission, or goes on with the one that was noted: what was handed over once is not handed over
   * again, as far as the transport can tell. Throws `Unreachable` where it can be tried again later, and nothing was sent.
   * When `signal` aborts it throws and leaves things as they are: the process stops, or the fax is over.
   */
  send(fax: Outgoing, line: Line, signal: AbortSignal): Promise<Outcome>;
  /** Takes back what was noted, as far as it is not sent; for a fax that was cancelled. */
  withdraw(noted: string): Promise<void>;
}

/** The transport cannot be reached for now; nothing was sent. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The fax is over: it was cancelled meanwhile. */
export class Withdrawn extends Error {
  override readonly name = 'Withdrawn';
}
