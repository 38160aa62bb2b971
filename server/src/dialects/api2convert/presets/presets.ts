import { type FactReader, type Facts, shelf } from '../../../engine/ports.js';
import { isUuid } from '../ids.js';
import type { JsonObject } from '../jobs/job.js';

/** Options of a target under a name (specs/api2convert.md §8). */
export interface Preset {
  readonly owner: string;
  readonly name: string;
  readonly category: string;
  readonly target: string;
  readonly scope: 'public' | 'private';
  readonly options: JsonObject;
}

const presetShelf = shelf<Preset>('api2convert/preset');

/** A preset and its id. */
export interface Found {
  readonly id: string;
  readonly preset: Preset;
}

/** May somebody of this account (nobody: undefined) see it? */
const isSeen = ({ scope, owner }: Preset, account: string | undefined): boolean =>
  scope === 'public' || owner === account;

/** The presets that this account may see; without one the public ones. */
export const listPresets = async (facts: FactReader, account: string | undefined): Promise<Found[]> =>
  (await presetShelf.list(facts))
    .map(({ id, value }) => ({ id, preset: value }))
    .filter(({ preset }) => isSeen(preset, account));

/** The preset of this id, if this account may see it. */
export const findPreset = async (
  facts: FactReader,
  id: string,
  account: string | undefined,
): Promise<Preset | undefined> => {
  const preset = isUuid(id) ? await presetShelf.get(facts, id) : undefined;
  return preset && isSeen(preset, account) ? preset : undefined;
};

/** The preset for a target that a conversion names by its id or its name; the account's own go first. */
export const presetNamed = async (
  facts: FactReader,
  word: string,
  { account, category, target }: { account: string; category: string; target: string },
): Promise<Preset | undefined> => {
  const fitting = (await listPresets(facts, account)).filter(
    ({ preset }) => preset.category === category && preset.target === target,
  );
  const named = fitting.filter(({ id, preset }) => id === word || preset.name === word);
  return (named.find(({ preset }) => preset.owner === account) ?? named[0])?.preset;
};

export const putPreset = (facts: Facts, id: string, preset: Preset): void => presetShelf.put(facts, id, preset);

export const dropPreset = (facts: Facts, id: string): void => presetShelf.delete(facts, id);
