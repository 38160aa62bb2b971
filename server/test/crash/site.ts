import { createCipheriv, createHash } from 'node:crypto';
import { type Answer, type Asking, ask } from './ask.js';
import type { Random } from './power.js';

/** A server that dies and comes back, as its clients see it. */
export interface Site {
  readonly key: string;
  /** Asks once, as soon as clients are let in. Rejects with `Lost` where the server died over it. */
  ask(asking: Asking): Promise<Answer>;
  /** Are clients to begin no more uploads? */
  isEnding(): boolean;
}

/** A site whose clients wait while its gate is shut. */
export interface Gate extends Site {
  open(): void;
  shut(): void;
  end(): void;
  /** Asks while the gate is shut. */
  askNow(asking: Asking): Promise<Answer>;
}

/** Makes a site on a loopback port; its gate is shut. */
export const siteAt = (port: number, key: string): Gate => {
  let opened: Promise<void> = Promise.resolve();
  let open = (): void => undefined;
  let isOpen = true;
  let ending = false;
  const shut = () => {
    if (!isOpen) return;
    isOpen = false;
    opened = new Promise((resolve) => {
      open = resolve;
    });
  };
  shut();
  return {
    key,
    ask: async (asking) => {
      await opened;
      return ask(port, asking);
    },
    askNow: (asking) => ask(port, asking),
    isEnding: () => ending,
    open: () => {
      isOpen = true;
      open();
    },
    shut,
    end: () => {
      ending = true;
    },
  };
};

/** A file that a client was told is finished. */
export interface Finished {
  readonly upload: string;
  readonly name: string;
  readonly content: Buffer;
  /** The file's id, where the dialect tells it: BrightSign's content id, infoRouter's document id. */
  readonly contentId?: number;
}

/** A client that lives on while servers die, and remembers what it was told. */
export interface Load {
  /** Uploads files one after the other until the site ends. Rejects where it was told what cannot be. */
  run(): Promise<void>;
  /** Asks a new server about every upload under way: all that was acknowledged must be there, and nothing never sent. */
  check(gate: Gate): Promise<void>;
  readonly finished: readonly Finished[];
  /** Faxes that a client was told of; they are no files of the catalog. */
  readonly faxes?: readonly Finished[];
  /** Files that were asked for, and the answer was lost: each may be there, once, or not. */
  readonly unsure: ReadonlyMap<string, Buffer>;
}

export const sha1 = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex');

/** Bytes that look like chance and are the same for the same seed. */
export const contentOf = (random: Random, length: number): Buffer => {
  const key = Buffer.alloc(16);
  key.writeDoubleLE(random());
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
};

/** A whole number from `least` on, below `most`. */
export const between = (random: Random, least: number, most: number): number =>
  least + Math.floor(random() * (most - least));
