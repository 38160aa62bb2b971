import type { Json } from '../../kit/json.js';

/** What the one who started a task says to it. */
export type ToTask = { readonly task: Json } | { readonly heard: true };

/** What a task says to the one who started it. */
export type FromTask = { readonly told: Json } | { readonly done: Json } | { readonly failed: string };

/**
 * The whole of a program that `runTask` starts: takes its task, does it and ends. `tell` hands something over on the way and resolves
 * when the other side is done with it. What `work` throws fails the task with that message.
 */
export const performTask = (work: (task: Json, tell: (message: Json) => Promise<void>) => Promise<Json>): void => {
  let heard: () => void = () => undefined;
  const say = (message: FromTask) => new Promise<void>((resolve) => process.send?.(message, () => resolve()));
  const tell = (message: Json) =>
    new Promise<void>((resolve) => {
      heard = resolve;
      void say({ told: message });
    });
  const perform = async (task: Json): Promise<void> => {
    try {
      await say({ done: await work(task, tell) });
    } catch (error) {
      await say({ failed: error instanceof Error ? error.message : String(error) });
    }
    // Native threads may still be at work on what nobody wants any more.
    process.exit(0);
  };
  process.on('message', (message: ToTask) => {
    if ('task' in message) void perform(message.task);
    else heard();
  });
  process.once('disconnect', () => process.exit(1));
};
