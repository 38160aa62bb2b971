import type { Reply } from '../../http/exchange.js';
import { dispatcher } from './dispatch.js';
import { formDispatcher } from './form.js';
import { helpPage } from './help.js';
import type { Service, ServiceSpec } from './service.js';
import { wsdlDocument } from './wsdl.js';
import { describe, schemaDocument, schemaNumber } from './wsdl-schemas.js';

/**
 * Makes a service of its table. Its answers, its WSDL and its page all follow from the same rows:
 *
 *     const fax = service({ ...asmx, name: 'Fax', namespace: 'urn:fax', path: '/fax.asmx', operations: { Echo }, context: () => session });
 */
export const service = <Context>(spec: ServiceSpec<Context>): Service => {
  const addressAt = (origin: string): string => `${origin}${spec.path}`;
  const description = describe(spec);
  const locations = (origin: string) => (namespace: string) =>
    `${addressAt(origin)}?xsd=${schemaNumber(description, namespace)}`;
  const xml = (body: string): Reply => ({ status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body });
  return {
    call: dispatcher(spec),
    form: formDispatcher(spec),
    wsdl: ({ origin }, how) =>
      xml(wsdlDocument(spec, addressAt(origin), how?.schemas === 'imported' ? locations(origin) : undefined)),
    schema: ({ origin }, number) => {
      const body = schemaDocument(description, number, locations(origin));
      return body === undefined ? undefined : xml(body);
    },
    help: ({ origin }, operation) => ({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: helpPage(spec, `${addressAt(origin)}?wsdl`, operation),
    }),
  };
};
