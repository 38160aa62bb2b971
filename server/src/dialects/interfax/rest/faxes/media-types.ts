import { parseMediaType } from '../../../../wire/multipart/media-type.js';
import { mediaTypes } from '../../faxes/file-types.js';

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
export const fileTypeOf = (contentType: string): string | undefined => {
  const { type } = parseMediaType(contentType);
  return Object.entries(mediaTypes).find(([, media]) => media === type)?.[0] ?? others[type];
};

/** What can be faxed, as the vendor's SDKs read it. */
export const supportedMediaTypes = Object.entries(mediaTypes).map(([FileType, MediaType]) => ({ MediaType, FileType }));
