/** File types that can be faxed, by a file's ending, with their media types (specs/interfax.md §8). */
export const mediaTypes = {
  doc: 'application/msword',
  dot: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.ms-powerpoint',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
  odg: 'application/vnd.oasis.opendocument.graphics',
  odf: 'application/vnd.oasis.opendocument.formula',
  odm: 'application/vnd.oasis.opendocument.text-master',
  pdf: 'application/pdf',
  ps: 'application/postscript',
  eps: 'application/eps',
  rtf: 'application/rtf',
  txt: 'text/plain',
  htm: 'text/html',
  html: 'text/html',
  mht: 'message/rfc822',
  url: 'application/internet-shortcut',
  xml: 'application/xml',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  gif: 'image/gif',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  bmp: 'image/bmp',
  pcx: 'application/pcx',
  snp: 'application/snapshot',
  zip: 'application/zip',
} as const satisfies Readonly<Record<string, string>>;

/** The ending of such a type, lower case, with or without a dot before it; undefined for one that cannot be faxed. */
export const readFileType = (text: string): string | undefined => {
  const ending = text.trim().replace(/^\./, '').toLowerCase();
  return Object.hasOwn(mediaTypes, ending) ? ending : undefined;
};
