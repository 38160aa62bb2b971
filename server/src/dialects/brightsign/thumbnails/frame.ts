import { findProgram } from '../../../services/programs/find.js';
import { runProgram } from '../../../services/programs/run.js';
import { contentName, type Desk, limits, longestSide, thumbnailName } from './drawing.js';

/** Formats that ffmpeg reads for us: not playlists and the like, which name other files. */
const formats = {
  video: 'mov,matroska,mpegts,mpeg,mpegvideo,asf,avi',
  bitmap: 'bmp_pipe',
} as const;

const box = `scale=w='min(${longestSide},iw)':h='min(${longestSide},ih)':force_original_aspect_ratio=decrease`;

/**
 * Leaves a frame of a video, or a Windows bitmap, as a JPEG, by ffmpeg; says whether there is an ffmpeg. Throws a
 * `ProgramFailure` where that fails or meets a limit.
 */
export const takeFrame = async (
  ffmpeg: string,
  format: keyof typeof formats,
  { folder, signal }: Desk,
): Promise<boolean> => {
  const command = await findProgram(ffmpeg);
  if (command === undefined) return false;
  const reading = ['-protocol_whitelist', 'file', '-format_whitelist', formats[format], '-threads', '1'];
  // Frames are made small before they are compared: fifty large ones would take gigabytes.
  const writing = ['-vf', `${box},thumbnail=50`, '-frames:v', '1', '-an', '-sn', '-f', 'image2', '-c:v', 'mjpeg'];
  const args = ['-nostdin', '-v', 'error', '-y', ...reading, '-i', `file:${contentName}`, ...writing, '-q:v', '3'];
  await runProgram({ command, args: [...args, `file:${thumbnailName}`], folder, limits, signal });
  return true;
};
