import { randomId } from './ids.js';

/** This tab among those that have the page open, so that one upload is looked after by one tab alone. */
export interface Tab {
  readonly id: string;
  /** Calls `adopt` as soon as the tab `id` is closed, reloaded or dead; one tab at a time. */
  whenGone(id: string, adopt: () => Promise<void>): Promise<void>;
}

const nameOf = (id: string): string => `longshore-tab-${id}`;

const byLocks = async (id: string, locks: LockManager): Promise<Tab> => {
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

/** Ms that a tab is given to say that it is there, and after which it is asked again. */
const patience = { answer: 1000, again: 5000 };

/** Tells tabs by asking them: one that does not answer is gone. */
export const byWord = (id: string, channel: BroadcastChannel, { answer, again } = patience): Tab => {
  channel.addEventListener('message', ({ data }) => {
    if (data === `asks for ${id}`) channel.postMessage(`here is ${id}`);
  });
  const isThere = (other: string): Promise<boolean> =>
    new Promise((resolve) => {
      const hear = ({ data }: MessageEvent): void => {
        if (data === `here is ${other}`) end(true);
      };
      const end = (is: boolean): void => {
        clearTimeout(timer);
        channel.removeEventListener('message', hear);
        resolve(is);
      };
      const timer = setTimeout(end, answer, false);
      channel.addEventListener('message', hear);
      channel.postMessage(`asks for ${other}`);
    });
  return {
    id,
    whenGone: async (other, adopt) => {
      while (await isThere(other)) await new Promise((resolve) => setTimeout(resolve, again));
      await adopt();
    },
  };
};

/** Makes this tab known. Pages that are not secure have no locks: their tabs ask each other. */
export const openTab = async (): Promise<Tab> => {
  const id = randomId();
  const { locks } = navigator as Partial<Pick<Navigator, 'locks'>>;
  return locks === undefined ? byWord(id, new BroadcastChannel('longshore-tabs')) : byLocks(id, locks);
};
