import { dialect } from '../dialect.js';
import { dialectName, endpoint } from './address.js';
import { options } from './options.js';

/** InterFAX's web service, as its SOAP and form clients know it, and its REST API. */
export const interfax = dialect({
  name: dialectName,
  title: 'InterFAX',
  doc: 'Uploads documents in chunks, by SOAP or REST, and faxes them.',
  options,
  endpoints: () => [
    { path: endpoint, what: 'Web service, SOAP and forms' },
    { path: `${endpoint}?WSDL`, what: 'Web service, WSDL' },
    { path: '/outbound/documents', what: 'REST, documents' },
    { path: '/outbound/faxes', what: 'REST, faxes' },
  ],
  load: async () => (await import('./serving.js')).serving,
});
