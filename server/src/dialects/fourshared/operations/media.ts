import { int, long, text } from '../../../wire/soap/index.js';
import type { Context } from '../context.js';
import { asking } from '../operation.js';
import { Denied } from '../problems.js';
import { exifInfo, exifInfoArray, mp3Info, mp3InfoArray } from '../types.js';

// Nothing is known of pictures and music, and nothing is played: these operations are there for typed clients (specs/fourshared.md §5).

const noMp3 = {
  album: '',
  artist: '',
  bitrate: 0,
  empty: true,
  fileId: 0,
  genre: '',
  length: 0,
  preciseLength: 0,
  sampleRate: 0,
  title: '',
  track: 0,
  year: 0,
};
const noExif = { dateTime: '', empty: true, fileId: 0, heigth: '', make: '', model: '', width: '' };

export const getMp3FileInfo = asking({
  doc: 'What is known of a piece of music: nothing.',
  params: { link: text() },
  result: mp3Info,
  run: async () => noMp3,
});

export const getMp3FileInfos = asking({
  doc: 'What is known of the music in a folder: nothing.',
  params: { dirId: long() },
  result: mp3InfoArray,
  run: async () => [],
});

export const getExifFileInfo = asking({
  doc: 'What is known of a picture: nothing.',
  params: { link: text() },
  result: exifInfo,
  run: async () => noExif,
});

export const getExifFileInfos = asking({
  doc: 'What is known of the pictures in a folder: nothing.',
  params: { dirId: long() },
  result: exifInfoArray,
  run: async () => [],
});

const refuse = async (_args: unknown, _context: Context): Promise<string> => {
  throw new Denied('PreviewException', 'There is no preview of this file.');
};

export const getPreviewLink = asking({
  doc: 'There are no previews.',
  params: { fileId: long() },
  result: text(),
  run: refuse,
});

export const getVideoPreviewLink = asking({
  doc: 'There are no previews.',
  params: { fileId: long() },
  result: text(),
  run: refuse,
});

export const getSmallImageLink = asking({
  doc: 'There are no previews.',
  params: { fileId: long(), size: int() },
  result: text(),
  run: refuse,
});

export const getFileVersionLink = asking({
  doc: 'There are no links of versions: answers an empty string.',
  params: { fileId: long(), version: int() },
  result: text(),
  run: async () => '',
});

export const getPlaylistLink = asking({
  doc: 'There are no playlists: answers an empty string.',
  params: { dirId: long() },
  result: text(),
  run: async () => '',
});

export const getSharedPlaylistLink = asking({
  doc: 'There are no playlists: answers an empty string.',
  params: { dirId: long(), second: text(), third: text() },
  result: text(),
  run: async () => '',
});
