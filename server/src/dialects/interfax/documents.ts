import { no } from './codes.js';

/** One size of `FileSizes`: of the data that comes with the call, or of a session's. */
export interface SizeEntry {
  readonly size: number;
  readonly session: string | undefined;
}

/** Where a document's bytes are: in the call's own data, or in a session. */
export interface Piece {
  readonly session: string | undefined;
  readonly offset: number;
  readonly length: number;
}

/** A list parted by `;`; one empty entry at its end is none. */
const parted = (text: string): string[] => {
  const entries = text.split(';').map((each) => each.trim());
  return entries.length > 1 && entries.at(-1) === '' ? entries.slice(0, -1) : entries;
};

const sizeForm = /^(\d+)\s*(?:\/\s*sessionid\s*=\s*(\S*))?$/i;

/** Reads `FileSizes` (specs/interfax.md §3.1). Refuses -1007 for what is no number above 0. */
export const readSizes = (text: string): SizeEntry[] =>
  parted(text).map((entry) => {
    const [, digits, session] = sizeForm.exec(entry) ?? [];
    const size = Number(digits);
    if (digits === undefined || !Number.isSafeInteger(size) || size < 1) throw no('badSize');
    return { size, session: session?.toUpperCase() };
  });

/** One entry of `FileTypes`, without its switches (§12: what they mean is not known, but that they exclude each other is). */
const readType = (entry: string): string => {
  const [type = '', ...switches] = entry.split('/').map((each) => each.trim());
  if (type === '') throw no('typeMissing');
  const given = new Set(switches.map((each) => each.toUpperCase()));
  if (given.has('AB') && given.has('PB')) throw no('contradictorySwitches');
  return type;
};

/** Reads `FileTypes`. Refuses -1004 for one that is missing, -1002 unless there are `count`, -1059 for more than `most`, and -1010. */
export const readTypes = (text: string, count: number, most: number): string[] => {
  const entries = parted(text);
  if (entries.every((each) => each === '')) throw no('typeMissing');
  if (entries.length !== count) throw no('typesDiffer');
  const types = entries.map(readType);
  if (types.length > most) throw no('tooManyTypes');
  return types;
};

const sumOf = (entries: readonly SizeEntry[]): number => entries.reduce((sum, { size }) => sum + size, 0);

/** One behind the other, each from its own source. */
const cut = (entries: readonly SizeEntry[]): Piece[] => {
  const reached = new Map<string | undefined, number>();
  return entries.map(({ size, session }) => {
    const offset = reached.get(session) ?? 0;
    reached.set(session, offset + size);
    return { session, offset, length: size };
  });
};

/** A size without a session belongs to the next one that has a session; behind the last of those, to the call's own data. */
const grouped = (entries: readonly SizeEntry[]): SizeEntry[] => {
  let session: string | undefined;
  return entries
    .toReversed()
    .map((entry) => {
      session = entry.session ?? session;
      return { ...entry, session };
    })
    .toReversed();
};

/**
 * Cuts the call's own data (`inline` bytes) and the sessions (bytes by id) into documents. A size without a session may mean a
 * part of the session named next, or of the own data: whichever way adds up is what was meant (§3.1). Refuses -123 where there
 * are no bytes at all, -1008 where nothing adds up.
 */
export const cutDocuments = (
  entries: readonly SizeEntry[],
  { inline, sessions }: { inline: number; sessions: ReadonlyMap<string, number> },
): Piece[] => {
  if (inline === 0 && sessions.size === 0) throw no('noDocument');
  const addsUp = (ways: readonly SizeEntry[]): boolean => {
    const own = ways.filter(({ session }) => session === undefined);
    // The own data counts for nothing where no size is of it: clients send an empty buffer, or a meaningless one.
    if (own.length > 0 && sumOf(own) !== inline) return false;
    return [...sessions].every(([id, total]) => sumOf(ways.filter(({ session }) => session === id)) === total);
  };
  const meant = [grouped(entries), entries].find(addsUp);
  if (!meant) throw no('sizesDiffer');
  return cut(meant);
};
