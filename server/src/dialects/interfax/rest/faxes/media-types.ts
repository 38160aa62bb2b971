import { parseMediaType } from '../../../../wire/multipart/media-type.js';
import type { FileTypes } from '../../file-types.js';

const openXml = 'application/vnd.openxmlformats-officedocument';

/** File types by the names that they have elsewhere than in the vendor's table. */
const others: Readonly<Record<string, string>> = {
  [`${openXml}.spreadsheetml.sheet`]: 'xlsx',
  [`${openXml}.presentationml.presentation`]: 'pptx',
  'application/xhtml+xml': 'html',
  'application/x-pdf': 'pdf',
  'image/jpg': 'jpg',
  'image/x-ms-bmp': 'bmp',
  'text/rtf': 'rtf',
  'text/xml': 'xml',
};

/** The file type (a file's ending) that a Content-Type stands for; undefined for one that cannot be faxed. */
export const fileTypeOf = (types: FileTypes, contentType: string): string | undefined => {
  const { type } = parseMediaType(contentType);
  const [found = others[type]] = [...types].find(([, media]) => media === type) ?? [];
  return found !== undefined && types.has(found) ? found : undefined;
};

/** What can be faxed, as the vendor's SDKs read it. */
export const supportedMediaTypes = (types: FileTypes) =>
  Array.from(types, ([FileType, MediaType]) => ({ MediaType, FileType }));
