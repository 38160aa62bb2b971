import sharp from 'sharp';
import { performTask } from '../../../services/programs/task.js';
import { contentName, longestSide, thumbnailName } from './drawing.js';

/*
 * The process in which images of strangers are decoded. It draws one thumbnail and ends; it may be killed at any time.
 */

// One drawing, one process: nothing is worth keeping, and its threads would only take memory.
sharp.cache(false);
sharp.concurrency(1);

/** Most pixels of an image that is decoded. */
const mostPixels = 100_000_000;

const shrink = (): Promise<unknown> =>
  sharp(contentName, { limitInputPixels: mostPixels, sequentialRead: true, failOn: 'error', pages: 1 })
    .autoOrient()
    .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 80 })
    .toFile(thumbnailName);

const card = `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="144">
<rect width="256" height="144" fill="#f2f4f7"/><rect width="256" height="20" fill="#4b5768"/>
<circle cx="12" cy="10" r="4" fill="#f2f4f7"/><circle cx="26" cy="10" r="4" fill="#f2f4f7"/><circle cx="40" cy="10" r="4" fill="#f2f4f7"/>
<rect x="16" y="34" width="150" height="14" fill="#b6c0ce"/><rect x="16" y="58" width="96" height="70" fill="#d5dbe4"/>
<rect x="124" y="58" width="116" height="8" fill="#d5dbe4"/><rect x="124" y="76" width="116" height="8" fill="#d5dbe4"/>
<rect x="124" y="94" width="80" height="8" fill="#d5dbe4"/></svg>`;

const drawCard = (): Promise<unknown> => sharp(Buffer.from(card)).png().toFile(thumbnailName);

performTask(async (what) => {
  await (what === 'card' ? drawCard() : shrink());
  return null;
});
