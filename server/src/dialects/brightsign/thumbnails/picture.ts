import { open } from 'node:fs/promises';
import { runTask, taskModule } from '../../../services/programs/run-task.js';
import { type Desk, limits } from './drawing.js';

/** How the formats that are decoded begin: no others reach a decoder, so that no text is taken for a drawing. */
const beginnings: readonly (readonly [RegExp, 'picture' | 'bitmap'])[] = [
  [/^\xff\xd8\xff/, 'picture'], // JPEG
  [/^\x89PNG\r\n\x1a\n/, 'picture'],
  [/^GIF8[79]a/, 'picture'],
  [/^RIFF....WEBP/s, 'picture'],
  [/^(?:II\*\0|MM\0\*)/, 'picture'], // TIFF
  [/^BM/, 'bitmap'],
];

/** What a file begins like: an image that `shrink` takes, a Windows bitmap, or nothing that we decode. */
export const kindOfImage = async (path: string): Promise<'picture' | 'bitmap' | undefined> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    const head = buffer.subarray(0, bytesRead).toString('latin1');
    return beginnings.find(([beginning]) => beginning.test(head))?.[1];
  } finally {
    await file.close();
  }
};

const module = taskModule('./decoder.js', import.meta.url);

/**
 * Leaves an image as a JPEG of at most 256 pixels a side. Throws a `ProgramFailure` for one that is broken, has more than a
 * hundred million pixels, or meets a limit.
 */
export const shrink = async (desk: Desk): Promise<void> => {
  await runTask({ module, task: 'picture', limits, ...desk });
};

/** Leaves the plain card that stands for web pages, which nobody renders here: a PNG. */
export const drawCard = async (desk: Desk): Promise<void> => {
  await runTask({ module, task: 'card', limits, ...desk });
};
