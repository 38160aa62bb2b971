import { type FactReader, type Facts, ordered, shelf } from '../../../engine/ports.js';
import type { Home } from './places.js';

/** `<drive>/<file>`: an account's favourites. */
const favouriteShelf = shelf<null>('4shared/favourite');

const within = ({ drive }: Home): string => `${ordered(drive)}/`;

/** Makes a file a favourite of the account, or one no more. Doing it again is no error. */
export const addFavourite = (facts: Facts, home: Home, file: number): void =>
  favouriteShelf.put(facts, within(home) + ordered(file), null);
export const dropFavourite = (facts: Facts, home: Home, file: number): void =>
  favouriteShelf.delete(facts, within(home) + ordered(file));

/** The account's favourites, by id. */
export const favourites = async (facts: FactReader, home: Home): Promise<number[]> => {
  const found = await favouriteShelf.list(facts, { within: within(home) });
  return found.map(({ id }) => Number(id.slice(id.indexOf('/') + 1)));
};
