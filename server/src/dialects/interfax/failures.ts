import { isRefusal } from '../../engine/refusals.js';
import { text } from '../../http/answers.js';
import type { Exchange, Reply } from '../../http/exchange.js';
import type { Log } from '../../kit/log.js';
import { asmxFailure, type Call, element, type SoapFailure, SoapFault } from '../../wire/soap/index.js';

const ENVELOPES = ['http://www.w3.org/2003/05/soap-envelope', 'http://schemas.xmlsoap.org/soap/envelope/'];

/** The header block that tells which versions are spoken. */
const upgrade = element(
  'soap12:Upgrade',
  { 'xmlns:soap12': ENVELOPES[0] },
  ...ENVELOPES.map((uri) => element('soap12:SupportedEnvelope', { 'xmlns:soap': uri, qname: 'soap:Envelope' })),
);

/** What is answered to a message that is no proper call, as ASP.NET does (specs/interfax.md §9.5), and while the server stops. */
export const failed =
  (log: Log) =>
  (failure: SoapFailure, exchange: Exchange, call: Call | undefined): SoapFault | Reply | undefined => {
    const { kind, cause, message } = failure;
    if (isRefusal(cause, 'draining'))
      return text(503, 'The server is going down.', { 'retry-after': cause.facts.retryAfterSeconds });
    if (call?.form && kind !== 'refused' && kind !== 'too-large') return undefined;
    switch (kind) {
      case 'refused':
        log.error({ err: cause, operation: call?.operation }, 'a call failed');
        return new SoapFault({ code: 'Server', reason: 'Server was unable to process request.' });
      case 'malformed-xml':
        return { status: 400 };
      case 'version-mismatch':
        return new SoapFault({ code: 'VersionMismatch', reason: message, headers: [upgrade] });
      case 'too-large':
        return new SoapFault({ code: 'Server', reason: 'Maximum request length exceeded.' });
      default:
        return asmxFailure(failure, exchange, call);
    }
  };
