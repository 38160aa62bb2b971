import { isRefusal } from '../../engine/refusals.js';
import { text } from '../../http/answers.js';
import type { Exchange, Reply, Route } from '../../http/exchange.js';
import {
  type Call,
  type Operations,
  type Service,
  type SoapFailure,
  SoapFault,
  service,
  wcf,
} from '../../wire/soap/index.js';
import type { Host } from '../dialect.js';
import { applicationPath, uploadPath } from './address.js';
import * as applicationOperations from './application/operations.js';
import { type Context, openContext, rememberedNamespaces } from './context.js';
import { descriptive, serverTrouble } from './faults.js';
import * as uploadOperations from './operations.js';
import type { BrightSignOptions } from './options.js';
import { refusals } from './refusals.js';

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

/** What tells one of the SOAP services from the other. */
interface ServiceFacts {
  readonly name: string;
  readonly doc: string;
  readonly path: string;
  readonly namespace: string;
  readonly dataNamespace: string;
  readonly operations: Operations<Context>;
  /** Bytes of a message. */
  readonly largestMessage: number;
}

const soapService = (host: Host, options: BrightSignOptions, facts: ServiceFacts): Service => {
  const namespaces = rememberedNamespaces();
  return service({
    ...wcf,
    ...facts,
    action: (operation) => `${facts.namespace}${facts.name}/${operation}`,
    versions: ['1.1'],
    ignoreCase: true,
    mirror: true,
    limits: { message: facts.largestMessage, parameter: 2 * 2 ** 20 },
    context: async (call) => {
      const context = await openContext({ host, options, namespaces }, call);
      return context;
    },
    release: async ({ call, caller, staged }) => {
      if (call.seen.data !== undefined) namespaces.set(caller.account.name, call.seen.data);
      for (const chunk of staged) await host.engine.discard(chunk);
    },
    failed: failed(host),
  });
};

const uploads = (host: Host, options: BrightSignOptions) =>
  soapService(host, options, {
    name: 'ContentUploadService',
    doc: 'Uploads files of the library in chunks, in parallel and in any order.',
    path: `${uploadPath}/Basic/`,
    namespace: options.serviceNamespace,
    dataNamespace: options.dataNamespace,
    operations: uploadOperations,
    largestMessage: options.maxChunk * 2 + 4 * 2 ** 20,
  });

const application = (host: Host, options: BrightSignOptions) =>
  soapService(host, options, {
    name: 'ApplicationService',
    doc: 'Lists, moves and deletes what is in the library.',
    path: `${applicationPath}/Basic/`,
    namespace: options.applicationNamespace,
    dataNamespace: options.applicationDataNamespace,
    operations: applicationOperations,
    largestMessage: 2 * 2 ** 20,
  });

/** The routes of a service at `base`: its endpoint, its WSDL and its help page. */
const routesOf = (soap: Service, base: string, name: string): Route[] => {
  const show = async (exchange: Exchange): Promise<Reply> => {
    const asked = [...exchange.query.keys()].map((key) => key.toLowerCase());
    if (asked.includes('wsdl') || asked.includes('singlewsdl')) return soap.wsdl(exchange);
    return soap.help(exchange, exchange.query.get('op') ?? undefined);
  };
  return [
    { methods: ['GET'], path: `${base}/WSDL`, name: `${name} WSDL`, handle: async (exchange) => soap.wsdl(exchange) },
    { methods: ['GET'], path: `${base}/Basic`, name: `${name} help`, handle: show },
    { methods: ['GET'], path: base, name: `${name} help`, handle: show },
    { methods: ['POST'], path: `${base}/Basic`, name: `${name} SOAP`, handle: (exchange) => soap.call(exchange) },
  ];
};

/** The SOAP services. Any version in the path is served alike (§A1). */
export const soapRoutes = (host: Host, options: BrightSignOptions): Route[] => [
  ...routesOf(uploads(host, options), '/Uploads/:year/:month/SOAP', 'brightsign'),
  ...routesOf(application(host, options), '/:year/:month/SOAP', 'brightsign application'),
];
