import sharp from 'sharp';
import type { Json } from '../../../kit/json.js';
import { performTask } from '../../../services/programs/task.js';
import { RenderFailure } from './failure.js';
import { renderFax } from './render-fax.js';
import type { RenderAnswer, RenderTask } from './task.js';

/*
 * The process that draws the documents of one fax. It may be killed at any time.
 */

sharp.cache(false);
sharp.concurrency(1);

performTask(async (given: Json): Promise<RenderAnswer> => {
  try {
    return { kind: 'done', pages: await renderFax(given as RenderTask) };
  } catch (error) {
    if (error instanceof RenderFailure) return { kind: 'failed', reason: error.reason, message: error.message };
    throw error;
  }
});
