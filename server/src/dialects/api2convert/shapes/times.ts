/** A time as the vendor writes it: UTC, without zone and fraction (specs/api2convert.md §4). */
export const printTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
