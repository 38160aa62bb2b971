/** The protocols that uploads are made with, by the names that the server has for them. */
export type ProtocolName = 'tus' | 'brightsign' | 'inforouter' | 'fourshared' | 'interfax' | 'api2convert';

/** Where an upload goes: a protocol, and what it was told beside the file. */
export interface Target {
  readonly protocol: ProtocolName;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Where an upload stands:
 * - `waiting` for its turn · `running` · `trying` again after a failure that may pass · `paused`;
 * - `asking`: the browser wants leave to read the file again · `lost`: the file has to be chosen again;
 * - `done` · `refused` before a byte was sent · `failed` · `cancelling` · `cancelled`.
 */
export type Phase =
  | 'waiting'
  | 'running'
  | 'trying'
  | 'paused'
  | 'asking'
  | 'lost'
  | 'done'
  | 'refused'
  | 'failed'
  | 'cancelling'
  | 'cancelled';

/** Files that were chosen as one thing: a folder, or many files at once. */
export interface GroupName {
  readonly id: string;
  /** The folder's name; null for many files. */
  readonly title: string | null;
}

/** What is kept of an upload until it is over. */
export interface Kept {
  readonly id: string;
  /** Who uploads. */
  readonly account: string;
  /** The tab that looks after it. */
  readonly tab: string;
  /** Rises with each upload. */
  readonly order: number;
  /** What was chosen together with it, as one thing. */
  readonly group: GroupName | null;
  /** `Photos/2026/a.jpg`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Ms since 1970. */
  readonly lastModified: number;
  readonly target: Target;
  /** Id of the root that leads to the file. */
  readonly root: string | null;
  /** The browser holds a copy of the file. */
  readonly copied: boolean;
  /** What the client library said of it last. */
  readonly state: unknown;
  /** Bytes the server has confirmed. */
  readonly confirmed: number;
  readonly phase: Phase;
  /** Why it is where it is, in words for people; an empty text where its phase says all. */
  readonly note: string;
}

type Changing = 'root' | 'copied' | 'state' | 'confirmed' | 'phase' | 'note' | 'size' | 'lastModified';

/** An upload in the list. Its members change; the list says when. */
export interface Item extends Omit<Kept, Changing> {
  size: number;
  lastModified: number;
  root: string | null;
  copied: boolean;
  state: unknown;
  confirmed: number;
  phase: Phase;
  /** The file, if this page has it. */
  file: File | null;
  /** Bytes per second. */
  speed: number;
  note: string;
  /** Where the file is now, once it is done and has an address. */
  url: string | null;
}

/** A group with its uploads, in the order in which they were chosen. */
export interface Group extends GroupName {
  readonly items: Item[];
}

/** What stands in the list by itself. */
export type Entry = Item | Group;

export const isGroup = (entry: Entry): entry is Group => 'items' in entry;

/** The file's name. */
export const nameOf = ({ path }: Pick<Item, 'path'>): string => path.slice(path.lastIndexOf('/') + 1);

/** The folders the file lies in, from the chosen one down. */
export const foldersOf = ({ path }: Pick<Item, 'path'>): string[] => path.split('/').slice(0, -1);

const over: ReadonlySet<Phase> = new Set(['done', 'refused', 'failed', 'cancelled']);
const moving: ReadonlySet<Phase> = new Set(['waiting', 'running', 'trying']);

/** Whether nothing more will happen to it by itself, nor is expected from a person. */
export const isOver = ({ phase }: Pick<Item, 'phase'>): boolean => over.has(phase);

/** Whether it did not work, and may be tried again. */
export const isUnmet = ({ phase }: Pick<Item, 'phase'>): boolean => phase === 'failed' || phase === 'refused';

/** Whether it goes on without anybody doing something. */
export const isMoving = ({ phase }: Pick<Item, 'phase'>): boolean => moving.has(phase);

/** Whether the browser has what leads to the file after a reload. */
export const isFound = ({ root, copied }: Pick<Item, 'root' | 'copied'>): boolean => root !== null || copied;

/** What is kept of it. An upload that moves is one that waits for its turn, to whoever reads that later. */
export const toKept = ({ file, speed, url, ...kept }: Item): Kept => ({
  ...kept,
  phase: isMoving(kept) ? 'waiting' : kept.phase,
});

/** An upload as it was kept. */
export const fromKept = (kept: Kept): Item => ({ ...kept, file: null, speed: 0, url: null });
