import type { Preview } from '../shapes/index.js';

/** Pictures, and PDF files, beyond this are not shown; in bytes. */
const largestPicture = 20 * 2 ** 20;
const largestPdf = 50 * 2 ** 20;

/** Of a text, so much is shown, in bytes. */
export const shownText = 256 * 2 ** 10;

/** How many bytes of a picture tell what it is. */
export const tellingBytes = 16;

const ascii = (bytes: Uint8Array, start: number, text: string): boolean =>
  [...text].every((sign, index) => bytes[start + index] === sign.charCodeAt(0));

/** Pictures that every browser shows, and how each begins. */
const pictures: Readonly<Record<string, (bytes: Uint8Array) => boolean>> = {
  'image/png': (bytes) => bytes[0] === 0x89 && ascii(bytes, 1, 'PNG\r\n\x1a\n'),
  'image/jpeg': (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff,
  'image/gif': (bytes) => ascii(bytes, 0, 'GIF87a') || ascii(bytes, 0, 'GIF89a'),
  'image/webp': (bytes) => ascii(bytes, 0, 'RIFF') && ascii(bytes, 8, 'WEBP'),
  'image/avif': (bytes) => ascii(bytes, 4, 'ftypavif') || ascii(bytes, 4, 'ftypavis'),
};

/** Sound and film that browsers play, and the types that they are sent with. */
const recordings: Readonly<Record<string, string>> = {
  'audio/aac': 'audio/aac',
  'audio/flac': 'audio/flac',
  'audio/mp3': 'audio/mpeg',
  'audio/mp4': 'audio/mp4',
  'audio/mpeg': 'audio/mpeg',
  'audio/ogg': 'audio/ogg',
  'audio/wav': 'audio/wav',
  'audio/webm': 'audio/webm',
  'audio/x-flac': 'audio/flac',
  'audio/x-m4a': 'audio/mp4',
  'audio/x-wav': 'audio/wav',
  'video/mp4': 'video/mp4',
  'video/ogg': 'video/ogg',
  'video/quicktime': 'video/mp4',
  'video/webm': 'video/webm',
  'video/x-m4v': 'video/mp4',
};

/** What is text and is not called so. */
const texts = new Set([
  'application/ecmascript',
  'application/javascript',
  'application/json',
  'application/sql',
  'application/toml',
  'application/x-httpd-php',
  'application/x-javascript',
  'application/x-ndjson',
  'application/x-sh',
  'application/x-yaml',
  'application/xml',
  'application/yaml',
]);

/** The type without its parameters. */
const bare = (type: string): string => type.split(';', 1)[0]?.trim().toLowerCase() ?? '';

const isText = (type: string): boolean =>
  type.startsWith('text/') || texts.has(type) || /^[a-z]+\/[\w.+-]+\+(json|xml)$/.test(type);

/** Is it a PDF file, of which a picture of its first page is shown? */
export const isPdf = (type: string): boolean => bare(type) === 'application/pdf';

/** How a browser may show a file of this type and size. `size`: bytes. */
export const previewOf = (file: { readonly type: string; readonly size: number }): Preview => {
  const type = bare(file.type);
  if (isPdf(type)) return file.size > 0 && file.size <= largestPdf ? 'image' : null;
  if (Object.hasOwn(pictures, type)) return file.size > 0 && file.size <= largestPicture ? 'image' : null;
  if (Object.hasOwn(recordings, type)) return type.startsWith('audio/') ? 'audio' : 'video';
  return isText(type) ? 'text' : null;
};

/** The type of a picture by its first bytes, whatever it calls itself; nothing for what browsers do not show. */
export const pictureType = (bytes: Uint8Array): string | undefined =>
  Object.entries(pictures).find(([, begins]) => begins(bytes))?.[0];

/** The type that sound or film of this type is sent with. */
export const recordingType = (type: string): string | undefined => {
  const found = bare(type);
  return Object.hasOwn(recordings, found) ? recordings[found] : undefined;
};
