/**
 * The words that have ffmpeg and ffprobe read one file and nothing else: no network, and none of the formats that are lists of
 * other files, with which a stranger could have files of this machine read.
 */
export const mediaInput = (file: string): string[] => [
  '-protocol_whitelist',
  'file',
  '-format_whitelist',
  'aac,ac3,aiff,amr,asf,au,avi,caf,eac3,flac,flv,gif,h264,hevc,ivf,m4v,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,mpegvideo,ogg,w64,wav',
  '-i',
  `file:${file}`,
];
