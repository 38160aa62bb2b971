import { dialect } from '../dialect.js';
import { dialectName, endpoint } from './address.js';
import { options } from './options.js';

/** infoRouter's web services, as their SOAP and form clients know them. */
export const inforouter = dialect({
  name: dialectName,
  title: 'infoRouter',
  doc: 'Uploads documents into libraries with folders and versions, by SOAP or forms, in chunks with a checksum each.',
  options,
  endpoints: () => [
    { path: endpoint, what: 'Web services, SOAP and forms' },
    { path: `${endpoint}?wsdl`, what: 'Web services, WSDL' },
  ],
  load: async () => (await import('./serving.js')).serving,
});
