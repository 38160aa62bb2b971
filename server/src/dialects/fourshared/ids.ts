import type { Home } from './drive/drive.js';

/** What is added to the catalog's ids, so that they look like the vendor's (specs/fourshared.md §10). */
const first = 1_000_000_000;

/** The id of a file or folder as clients know it. One counter serves both, and open uploads too. */
export const toWire = (id: number): number => first + id;

/** The catalog's id; 0, which nothing has, where the client's is none. */
export const fromWire = (id: number): number => Math.max(0, id - first);

/** The catalog's id of a folder; -1 and 0 are the drive's root (specs/fourshared.md §10). */
export const dirOf = (home: Home, id: number): number => (id === -1 || id === 0 ? home.drive : fromWire(id));
