import sharp from 'sharp';
import type { Json } from '../../../kit/json.js';
import { performTask } from '../../../services/programs/task.js';
import type { PageTask } from './page-task.js';

/*
 * The process that draws one page of a fax for the screen. It may be killed at any time.
 */

sharp.cache(false);
sharp.concurrency(1);

performTask(async (given: Json): Promise<Json> => {
  const { path, target, page, width, height, turned } = given as PageTask;
  await sharp(path, { page })
    .toColourspace('b-w')
    .rotate(turned ? 270 : 0)
    .resize(width, height, { fit: 'fill' })
    .png({ palette: true, colours: 16 })
    .toFile(target);
  return null;
});
