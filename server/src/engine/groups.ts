import type { Json } from '../kit/json.js';
import type { Core } from './core.js';
import type { FactReader } from './ports.js';
import { groupShelf } from './records.js';
import { Refusal } from './refusals.js';
import type { Group } from './verbs.js';

const needGroup = async (facts: FactReader, id: string): Promise<Omit<Group, 'id'>> => {
  const group = await groupShelf.get(facts, id);
  if (!group) throw new Refusal('no-such-group', { id });
  return group;
};

/** Opens a group of no uploads yet (see `Engine.openGroup`). */
export const openGroup = async (
  core: Core,
  { dialect, owner, metadata = null }: { dialect: string; owner: string; metadata?: Json },
): Promise<Group> => {
  const id = core.ids.next();
  const now = core.clock.now();
  const group = { dialect, owner, uploads: [], metadata, createdAt: now, touchedAt: now };
  await core.ledger.transact(async (facts) => groupShelf.put(facts, id, group));
  return { id, ...group };
};

/** What is known of a group (see `Engine.lookGroup`). */
export const lookGroup = async (core: Core, id: string): Promise<Group> => ({
  id,
  ...(await core.ledger.read((facts) => needGroup(facts, id))),
});

/** Changes what the dialect keeps with a group (see `Engine.amendGroup`). */
export const amendGroup = async (core: Core, id: string, { metadata }: { metadata?: Json }): Promise<Group> =>
  core.ledger.transact(async (facts) => {
    const before = await needGroup(facts, id);
    const after = { ...before, ...(metadata !== undefined && { metadata }), touchedAt: core.clock.now() };
    groupShelf.put(facts, id, after);
    return { id, ...after };
  });
