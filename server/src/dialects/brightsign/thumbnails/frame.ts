import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** In ms. */
const patience = 60_000;

/** Containers that are read: not playlists and the like, which name other files. */
const containers = 'mov,matroska,mpegts,mpeg,mpegvideo,asf,avi';

/**
 * Writes a picture of a video to the file `to`, by ffmpeg; says whether there is an ffmpeg. Throws where that fails, or takes
 * more than a minute.
 */
export const takeFrame = async (
  ffmpeg: string,
  { from, to, signal }: { from: string; to: string; signal: AbortSignal },
): Promise<boolean> => {
  const reading = [
    '-protocol_whitelist',
    'file',
    '-format_whitelist',
    containers,
    '-threads',
    '1',
    '-i',
    `file:${from}`,
  ];
  const writing = ['-vf', 'thumbnail=50', '-frames:v', '1', '-an', '-sn', '-f', 'image2', '-c:v', 'png', `file:${to}`];
  try {
    await run(ffmpeg, ['-nostdin', '-v', 'error', '-y', ...reading, ...writing], {
      signal,
      timeout: patience,
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 1024,
    });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
};
