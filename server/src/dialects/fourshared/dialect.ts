import { dialect } from '../dialect.js';
import { dialectName, pathOf, uploadPath, versions } from './address.js';
import { options } from './options.js';

/** 4shared, as the SOAP clients of its developers' API know it. */
export const fourshared = dialect({
  name: dialectName,
  title: '4shared',
  doc: 'A drive with folders and a recycle bin, by SOAP; files are uploaded by forms, in parts, in any order and at once.',
  options,
  endpoints: () => [
    ...versions.map((version) => ({ path: `${pathOf(version)}?wsdl`, what: `Drive, WSDL (${version})` })),
    { path: uploadPath, what: 'Parts of files, multipart/form-data' },
  ],
  load: async () => (await import('./serving.js')).serving,
});
