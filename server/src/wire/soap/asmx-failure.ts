import type { Exchange, Reply } from '../../http/exchange.js';
import { BadBase64 } from '../base64/decode.js';
import { type SoapFailure, SoapFault } from './fault.js';
import { soapAction } from './message.js';
import type { Call } from './operation.js';

const unrecognised = (exchange: Exchange): string => {
  const action = (soapAction(exchange) ?? '').slice(0, 200);
  return /^\s*application\/soap\+xml/i.test(exchange.headers['content-type'] ?? '')
    ? `Unable to handle request. The action '${action}' was not recognized.`
    : `Server did not recognize the value of HTTP Header SOAPAction: ${action}.`;
};

/**
 * What ASP.NET answers to a message that fails before it comes to the dialect's own code: for a service's `failed`, which
 * takes what it cares about and leaves the rest to this. Undefined, so the toolkit's own answer, for the rest and for forms.
 */
export const asmxFailure = (
  failure: SoapFailure,
  exchange: Exchange,
  call: Call | undefined,
): SoapFault | Reply | undefined => {
  if (call?.form) return undefined;
  switch (failure.kind) {
    case 'unknown-operation':
      return new SoapFault({ code: 'Client', reason: unrecognised(exchange) });
    case 'malformed-xml':
      if (!(failure.cause instanceof BadBase64)) return { status: 400 };
      return new SoapFault({ code: 'Client', reason: `Server was unable to read request. ---> ${failure.message}` });
    case 'not-soap':
    case 'bad-argument':
      return new SoapFault({ code: 'Client', reason: `Server was unable to read request. ---> ${failure.message}` });
    default:
      return undefined;
  }
};
