import { dialect } from '../dialect.js';
import { applicationPath, dialectName, restPath, tokenPath, uploadPath } from './address.js';
import { options } from './options.js';

/** Content Upload of the BrightSign Network and the library behind it, as their SOAP and REST clients know them. */
export const brightsign = dialect({
  name: dialectName,
  title: 'BrightSign Network',
  doc: 'Uploads contents and web pages of a signage library by SOAP and REST, in chunks, in parallel and in any order.',
  options,
  endpoints: () => [
    { path: `${uploadPath}/Basic/`, what: 'Content Upload, SOAP' },
    { path: `${uploadPath}/WSDL/`, what: 'Content Upload, WSDL' },
    { path: `${restPath}/Sessions/`, what: 'Content Upload, REST' },
    { path: tokenPath, what: 'access tokens for REST' },
    { path: `${applicationPath}/Basic/`, what: 'Application (library), SOAP' },
    { path: `${applicationPath}/WSDL/`, what: 'Application (library), WSDL' },
  ],
  load: async () => (await import('./serving.js')).serving,
});
