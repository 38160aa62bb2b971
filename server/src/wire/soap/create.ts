import { dispatcher } from './dispatch.js';
import { formDispatcher } from './form.js';
import { helpPage } from './help.js';
import type { Service, ServiceSpec } from './service.js';
import { wsdlDocument } from './wsdl.js';

/**
 * Makes a service of its table. Its answers, its WSDL and its page all follow from the same rows:
 *
 *     const fax = service({ ...asmx, name: 'Fax', namespace: 'urn:fax', path: '/fax.asmx', operations: { Echo }, context: () => session });
 */
export const service = <Context>(spec: ServiceSpec<Context>): Service => ({
  call: dispatcher(spec),
  form: formDispatcher(spec),
  wsdl: ({ origin }) => ({
    status: 200,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: wsdlDocument(spec, `${origin}${spec.path}`),
  }),
  help: ({ origin }, operation) => ({
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: helpPage(spec, `${origin}${spec.path}?wsdl`, operation),
  }),
});
