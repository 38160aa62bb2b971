import { problems } from '../problems.js';

/**
 * Version numbers are packed (specs/inforouter.md §6.2): major × 1000000 + minor × 1000 + revision, so that 1.0.0 is 1000000.
 * 0 is none.
 */
export const firstVersion = 1_000_000;

const most = { MPVERSIONMAJOR: 2400, MPVERSIONMINOR: 999, MPVERSIONREVISION: 999 } as const;
const highest = 2400 * 1_000_000 + 999_999;

/** The number of the check-in after this one: 1.0.0, 1.0.1 … 1.0.999, 1.1.0. Refuses to go beyond 2400.999.999. */
export const nextVersion = (number: number): number => {
  if (number >= highest) throw problems.invalidParameter('MPVERSIONMAJOR');
  return number + 1;
};

/** Parts of a version number that a client gives by hand. */
export interface VersionParts {
  readonly major?: number | undefined;
  readonly minor?: number | undefined;
  readonly revision?: number | undefined;
}

const part = (name: keyof typeof most, value: number, least: number): number => {
  if (!Number.isInteger(value) || value < least || value > most[name]) throw problems.invalidParameter(name);
  return value;
};

/** The number made of those parts; nothing where none is given. Refuses parts out of range: 1–2400, 0–999, 0–999. */
export const manualVersion = ({ major, minor, revision }: VersionParts): number | undefined => {
  if (major === undefined && minor === undefined && revision === undefined) return undefined;
  return (
    part('MPVERSIONMAJOR', major ?? 0, 1) * 1_000_000 +
    part('MPVERSIONMINOR', minor ?? 0, 0) * 1_000 +
    part('MPVERSIONREVISION', revision ?? 0, 0)
  );
};

/** Judges a version number that a client asks for: 0, or a packed number. Refuses 1 to 999999 and what is below 0. */
export const readVersionNumber = (number: number): number => {
  if (number !== 0 && !(number >= firstVersion)) throw problems.invalidVersionNumber();
  return number;
};

/** As DownloadDocumentVersion reads one: a number below 1000000 is a major version. */
export const readMajorOrPacked = (number: number): number =>
  readVersionNumber(number > 0 && number < firstVersion ? number * 1_000_000 : number);
