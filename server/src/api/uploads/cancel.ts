import { isRefusal } from '../../engine/refusals.js';
import type { Engine } from '../../engine/verbs.js';

/**
 * Ends an upload, and with the last one of a group the group: nothing is left of it that could be finished. Refuses as
 * `Engine.cancel` does.
 */
export const cancelUpload = async (engine: Engine, id: string): Promise<void> => {
  const { group } = await engine.cancel(id);
  if (group === null) return;
  const uploads = await engine.list({ group });
  if (uploads.some(({ state }) => state !== 'cancelled')) return;
  try {
    await engine.cancelGroup(group);
  } catch (error) {
    // It has ended by itself, or is forgotten.
    if (!isRefusal(error, 'not-open') && !isRefusal(error, 'no-such-group')) throw error;
  }
};
