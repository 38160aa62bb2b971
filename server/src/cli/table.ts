/** Rows of text as columns, each as wide as it must be, two blanks apart. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A number of bytes for people: `3.5 MiB`. */
export const bytes = (count: number): string => {
  const power = count < 1024 ? 0 : Math.min(steps.length - 1, Math.floor(Math.log2(count) / 10));
  const value = count / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${steps[power]}`;
};

/** A moment for people, in UTC: `2026-03-01 12:00:05`. `at`: ms since 1970. */
export const moment = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

// A terminal obeys control characters, and marks that turn text around make `exe.png` out of `gnp.exe`.
const unseen = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A text that somebody else wrote, as it may stand on a terminal. */
export const printable = (text: string): string => text.replace(unseen, '?');
