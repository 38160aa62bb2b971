/** A file that is put into an archive. */
export interface ArchiveEntry {
  /** Without folders. */
  readonly name: string;
  /** Bytes; `read` gives exactly as many. */
  readonly size: number;
  read(): AsyncIterable<Uint8Array>;
}

/** Entries of which no two have the same name, not even where case does not count: `a.txt`, `a (2).txt`. */
export const withUniqueNames = (entries: readonly ArchiveEntry[]): ArchiveEntry[] => {
  const taken = new Set<string>();
  return entries.map((entry) => {
    const dot = entry.name.lastIndexOf('.');
    const [base, ending] = dot > 0 ? [entry.name.slice(0, dot), entry.name.slice(dot)] : [entry.name, ''];
    let { name } = entry;
    for (let n = 2; taken.has(name.toLowerCase()); n += 1) name = `${base} (${n})${ending}`;
    taken.add(name.toLowerCase());
    return { ...entry, name };
  });
};
