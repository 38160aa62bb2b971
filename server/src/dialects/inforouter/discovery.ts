import type { Reply } from '../../http/exchange.js';
import { element } from '../../wire/soap/index.js';
import { xmlDocument } from '../../wire/xml/writer.js';

const DISCO = 'http://schemas.xmlsoap.org/disco/';

/** The discovery document of an ASP.NET web service: where its description and its addresses are. */
export const discovery = ({ address, namespace }: { address: string; namespace: string }): Reply => {
  const binding = (name: string) =>
    element('soap', { address, 'xmlns:q': namespace, binding: `q:${name}`, xmlns: `${DISCO}soap/` });
  const root = element(
    'discovery',
    { xmlns: DISCO },
    element('contractRef', { ref: `${address}?wsdl`, docRef: address, xmlns: `${DISCO}scl/` }),
    binding('srvSoap'),
    binding('srvSoap12'),
  );
  return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: xmlDocument(root) };
};
