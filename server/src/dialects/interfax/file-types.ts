import { missingTypes, type ProgramNames } from './rendering/programs.js';

/**
 * File types that are rendered, by a file's ending, with their media types (specs/interfax.md §8). The vendor's mht, url, pcx, snp
 * and zip are not.
 */
const mediaTypes = {
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
  xml: 'application/xml',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  gif: 'image/gif',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  bmp: 'image/bmp',
} as const satisfies Readonly<Record<string, string>>;

/** The types that can be faxed here, by a file's ending, with their media types. */
export type FileTypes = ReadonlyMap<string, string>;

/** The types that can be faxed as things stand: what programs draw, where those are installed. */
export const findFileTypes = async (programs: ProgramNames): Promise<FileTypes> => {
  const missing = await missingTypes(programs);
  return new Map(Object.entries(mediaTypes).filter(([type]) => !missing.has(type)));
};

/** The ending of such a type, lower case, with or without a dot before it; undefined for one that cannot be faxed. */
export const readFileType = (types: FileTypes, text: string): string | undefined => {
  const ending = text.trim().replace(/^\./, '').toLowerCase();
  return types.has(ending) ? ending : undefined;
};
