import type { Reply } from '../../http/exchange.js';
import { element } from '../../wire/soap/index.js';
import { xmlDocument } from '../../wire/xml/writer.js';

const DISCO = 'http://schemas.xmlsoap.org/disco/';

/** The discovery document of the web service: where its description is. */
export const discovery = (address: string): Reply => {
  const contract = element('contractRef', { ref: `${address}?wsdl`, docRef: address, xmlns: `${DISCO}scl/` });
  const body = xmlDocument(element('discovery', { xmlns: DISCO }, contract));
  return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body };
};
