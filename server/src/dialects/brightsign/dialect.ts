import { isRefusal } from '../../engine/refusals.js';
import { text } from '../../http/answers.js';
import type { Exchange, Reply, Route } from '../../http/exchange.js';
import { type Call, type SoapFailure, SoapFault, service, wcf } from '../../wire/soap/index.js';
import { dialect, type Host } from '../dialect.js';
import { openContext, rememberedNamespaces } from './context.js';
import { descriptive, serverTrouble } from './faults.js';
import { orphanSweep } from './library/orphans.js';
import * as operations from './operations.js';
import { type BrightSignOptions, options } from './options.js';
import { refusals } from './refusals.js';

const endpoint = '/Uploads/2014/07/SOAP/Basic/';

/** What is answered to a call that failed (specs/brightsign.md §A11). */
const failed =
  (host: Host) =>
  (failure: SoapFailure, _exchange: Exchange, call: Call | undefined): SoapFault | Reply | undefined => {
    const { cause } = failure;
    switch (failure.kind) {
      case 'refused':
        if (cause instanceof SoapFault) return cause;
        if (isRefusal(cause, 'draining'))
          return text(503, 'The server is going down.', { 'retry-after': cause.facts.retryAfterSeconds });
        if (isRefusal(cause)) return cause.answer(refusals);
        host.log.error({ err: cause, operation: call?.operation }, 'a call failed');
        return serverTrouble('The server was unable to process the request due to an internal error.');
      case 'bad-argument':
      case 'too-large':
        return descriptive(failure.message);
      default:
        return undefined;
    }
  };

const uploads = (host: Host, values: BrightSignOptions) => {
  const namespaces = rememberedNamespaces();
  return service({
    ...wcf,
    name: 'ContentUploadService',
    doc: 'Uploads files of the library in chunks, in parallel and in any order.',
    namespace: values.serviceNamespace,
    dataNamespace: values.dataNamespace,
    operations,
    path: endpoint,
    action: (operation) => `${values.serviceNamespace}ContentUploadService/${operation}`,
    versions: ['1.1'],
    ignoreCase: true,
    mirror: true,
    limits: { message: values.maxChunk * 2 + 4 * 2 ** 20, parameter: 2 * 2 ** 20 },
    context: async (call) => {
      const context = await openContext({ host, options: values, namespaces }, call);
      return context;
    },
    release: async ({ call, caller, staged }) => {
      if (call.seen.data !== undefined) namespaces.set(caller.account.name, call.seen.data);
      for (const chunk of staged) await host.engine.discard(chunk);
    },
    failed: failed(host),
  });
};

/** Content Upload of the BrightSign Network, as its SOAP clients know it. */
export const brightsign = dialect({
  name: 'brightsign',
  title: 'BrightSign Network',
  doc: 'Uploads contents of a signage library by SOAP, in chunks, in parallel and in any order.',
  options,
  endpoints: () => [
    { path: endpoint, what: 'Content Upload, SOAP' },
    { path: '/Uploads/2014/07/SOAP/WSDL/', what: 'Content Upload, WSDL' },
  ],
  sweeps: (host) => [orphanSweep(host)],
  routes: (host, values): Route[] => {
    const upload = uploads(host, values);
    const show = async (exchange: Exchange): Promise<Reply> => {
      const asked = [...exchange.query.keys()].map((key) => key.toLowerCase());
      if (asked.includes('wsdl') || asked.includes('singlewsdl')) return upload.wsdl(exchange);
      return upload.help(exchange, exchange.query.get('op') ?? undefined);
    };
    // Any version in the path is served alike (§A1).
    const base = '/Uploads/:year/:month/SOAP';
    return [
      {
        methods: ['GET'],
        path: `${base}/WSDL`,
        name: 'brightsign WSDL',
        handle: async (exchange) => upload.wsdl(exchange),
      },
      { methods: ['GET'], path: `${base}/Basic`, name: 'brightsign help', handle: show },
      { methods: ['GET'], path: base, name: 'brightsign help', handle: show },
      {
        methods: ['POST'],
        path: `${base}/Basic`,
        name: 'brightsign SOAP',
        handle: (exchange) => upload.call(exchange),
      },
    ];
  },
});
