import { isRefusal } from '../../engine/refusals.js';
import type { Engine } from '../../engine/verbs.js';
import type { Clock } from '../../kit/clock.js';
import type { Sweep } from './janitor.js';

/** How many uploads one piece of work looks at. */
const batch = 200;

/** Ends uploads that are overdue. */
export const expirySweep = (engine: Pick<Engine, 'expire'>): Sweep => ({
  name: 'expired uploads',
  run: async () => (await engine.expire(batch)) === batch,
});

/** Forgets uploads that ended more than `keepMs` milliseconds ago. Their files stay. */
export const endedSweep = (engine: Pick<Engine, 'list' | 'forget'>, clock: Clock, keepMs: number): Sweep => ({
  name: 'ended uploads',
  run: async (signal) => {
    const old = await engine.list({ endedBefore: clock.now() - keepMs, limit: batch });
    let forgotten = 0;
    for (const { id } of old) {
      if (signal.aborted) return false;
      try {
        await engine.forget(id);
        forgotten += 1;
      } catch (error) {
        // Another process was quicker, or somebody has it in hand.
        if (!isRefusal(error)) throw error;
      }
    }
    return forgotten === batch;
  },
});

/** Forgets groups of uploads that ended more than `keepMs` milliseconds ago. */
export const endedGroupsSweep = (
  engine: Pick<Engine, 'listGroups' | 'forgetGroup'>,
  clock: Clock,
  keepMs: number,
): Sweep => ({
  name: 'ended groups',
  run: async () => {
    const old = await engine.listGroups({ endedBefore: clock.now() - keepMs, limit: batch });
    for (const { id } of old) await engine.forgetGroup(id);
    return old.length === batch;
  },
});
