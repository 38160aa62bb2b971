import { randomId } from './ids.js';

/** This tab among those that have the page open, so that one upload is looked after by one tab alone. */
export interface Tab {
  readonly id: string;
  /** Calls `adopt` as soon as the tab `id` is closed, reloaded or dead; one tab at a time. */
  whenGone(id: string, adopt: () => Promise<void>): Promise<void>;
}

const nameOf = (id: string): string => `longshore-tab-${id}`;

/** Makes this tab known. Where the browser has no locks (pages that are not secure), every other tab counts as gone. */
export const openTab = async (): Promise<Tab> => {
  const id = randomId();
  const { locks } = navigator as Partial<Pick<Navigator, 'locks'>>;
  if (locks === undefined) return { id, whenGone: (_, adopt) => adopt() };
  await new Promise<void>((held, failed) => {
    locks
      .request(nameOf(id), () => {
        held();
        // Held until the page ends, however it does.
        return new Promise<never>(() => undefined);
      })
      .catch(failed);
  });
  return { id, whenGone: (other, adopt) => locks.request(nameOf(other), adopt) };
};
