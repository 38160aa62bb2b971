import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { RenderFailure } from './failure.js';
import { renderFax } from './render-fax.js';
import type { RenderAnswer, RenderTask } from './task.js';

/*
 * The process that renders one fax: it is told a task, answers once, and ends. It may be killed at any time, by its parent or
 * by its own watchdog.
 */

sharp.cache(false);
sharp.concurrency(1);

const answer = async (task: RenderTask): Promise<RenderAnswer> => {
  try {
    return { kind: 'done', pages: await renderFax(task) };
  } catch (error) {
    if (error instanceof RenderFailure) return { kind: 'failed', reason: error.reason, message: error.message };
    throw error;
  }
};

process.once('message', (task: RenderTask) => {
  const watchdog = new Worker(new URL('./watchdog.js', import.meta.url), {
    workerData: { folder: task.folder, memory: task.memory, disk: task.disk },
  });
  void answer(task).then(async (said) => {
    await watchdog.terminate();
    process.send?.(said, () => process.exit());
  });
});
process.once('disconnect', () => {
  // Nobody waits for an answer any more: it ends with all that it started.
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.exit();
  }
});
