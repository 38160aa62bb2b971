import type { ByteBudget } from '../../kit/budget.js';

/** Bodies up to this size are not counted: they are as small as the request around them, and need not wait for large ones. */
const small = 64 * 1024;

/** The room that one request takes in memory. */
export interface Held {
  /** Waits until there is room for so many bytes. */
  hold(bytes: number): Promise<void>;
  /** Gives back all that was held. */
  release(): void;
}

/** Room for the bodies of one request, of what all requests have together. */
export const holding = (budget: ByteBudget): Held => {
  let held = 0;
  return {
    hold: async (bytes) => {
      if (bytes <= small) return;
      await budget.take(bytes);
      held += bytes;
    },
    release: () => {
      budget.give(held);
      held = 0;
    },
  };
};
