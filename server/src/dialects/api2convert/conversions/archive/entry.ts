/** A file that is put into an archive. */
export interface ArchiveEntry {
  /** Without folders. */
  readonly name: string;
  /** Bytes; `read` gives exactly as many. */
  readonly size: number;
  read(): AsyncIterable<Uint8Array>;
}

/** A name that stays in the folder where it is unpacked, on every system. */
const safeName = (name: string): string => {
  const safe = name.replace(/[/\\:\0]/g, '_');
  return /^\.{0,2}$/.test(safe) ? `file${safe}` : safe;
};

/** Entries as an archive has them: with safe names, of which no two are the same, not even where case does not count: `a.txt`, `a (2).txt`. */
export const archived = (entries: readonly ArchiveEntry[]): ArchiveEntry[] => {
  const taken = new Set<string>();
  return entries.map((entry) => {
    const wanted = safeName(entry.name);
    const dot = wanted.lastIndexOf('.');
    const [base, ending] = dot > 0 ? [wanted.slice(0, dot), wanted.slice(dot)] : [wanted, ''];
    let name = wanted;
    for (let n = 2; taken.has(name.toLowerCase()); n += 1) name = `${base} (${n})${ending}`;
    taken.add(name.toLowerCase());
    return { ...entry, name };
  });
};
