import { join } from 'node:path';
import type { ConversionWork } from './conversion.js';
import { mediaInput } from './media-input.js';
import type { Tools } from './tools.js';

/** A picture of a video's first frame (or of a sound's cover), as PNG. */
export const firstFrame = async (tools: Tools, file: string, work: ConversionWork): Promise<string> => {
  const made = join(work.folder, 'frame.png');
  await tools.program(work, 'ffmpeg', ['-v', 'error', '-nostdin', ...mediaInput(file), '-frames:v', '1', '-y', made]);
  return made;
};
