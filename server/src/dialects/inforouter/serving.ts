import { isRefusal } from '../../engine/refusals.js';
import { text } from '../../http/answers.js';
import type { Exchange, Reply, Route } from '../../http/exchange.js';
import { asmx, asmxFailure, type Call, type SoapFailure, SoapFault, service } from '../../wire/soap/index.js';
import type { Host, Serving } from '../dialect.js';
import { endpoint } from './address.js';
import { openVisit, type Parts, type Visit } from './context.js';
import { discovery } from './discovery.js';
import { openDownloads } from './downloads.js';
import { openLibrary } from './library/library.js';
import * as operations from './operations.js';
import type { InfoRouterOptions, options } from './options.js';
import { samples, showing } from './showing.js';
import { openTickets } from './tickets.js';

const namespace = 'http://tempuri.org/';

/** Folders before the endpoint: installations have virtual directories of any name (specs/inforouter.md §1). */
const folders = ['', '/:first', '/:first/:second', '/:first/:second/:third'];

const partsOf = (host: Host, values: InfoRouterOptions): Parts => ({
  host,
  options: values,
  library: openLibrary(host, values),
  tickets: openTickets(host, values.ticketLife),
  downloads: openDownloads(host, values.handlerLife),
});

/** What is said where the server is in trouble; to what is no call, the toolkit says what the vendor's stack says (§2). */
const failed =
  (host: Host) =>
  (failure: SoapFailure, exchange: Exchange, call: Call | undefined): SoapFault | Reply | undefined => {
    const { cause, kind } = failure;
    if (kind !== 'refused') return asmxFailure(failure, exchange, call);
    if (isRefusal(cause, 'draining'))
      return text(503, 'The server is going down.', { 'retry-after': cause.facts.retryAfterSeconds });
    host.log.error({ err: cause, operation: call?.operation }, 'a call failed');
    return new SoapFault({ code: 'Server', reason: 'Server was unable to process request. ---> Internal error.' });
  };

/** The path up to the endpoint, as the client wrote it. */
const folderOf = ({ path }: Exchange): string => path.slice(0, Math.max(0, path.toLowerCase().lastIndexOf(endpoint)));

/** What serves it. */
export const serving: Serving<typeof options> = {
  samples: () => samples,
  show: showing,
  sweeps: (host, values) => [openTickets(host, values.ticketLife).sweep, openDownloads(host, values.handlerLife).sweep],
  routes: (host, values): Route[] => {
    const parts = partsOf(host, values);
    let ready: Promise<void> | undefined;
    /** Makes the configured libraries, before the first call is answered. */
    const begin = async (): Promise<void> => {
      ready ??= host.ledger.transact((facts) => parts.library.ensureLibraries(facts));
      await ready.catch((error: unknown) => {
        ready = undefined;
        throw error;
      });
    };
    const srv = service<Visit>({
      ...asmx,
      name: 'srv',
      doc: 'Documents in libraries: tickets, folders, versions, uploads and downloads.',
      namespace,
      operations,
      path: endpoint,
      ignoreCase: true,
      limits: { message: Math.max(64 * 2 ** 20, values.uploadLimit * 2) },
      context: async (call) => {
        await begin();
        return openVisit(parts, call);
      },
      release: (visit) => visit.leave(),
      failed: failed(host),
    });
    const show = async (exchange: Exchange): Promise<Reply> => {
      const asked = [...exchange.query.keys()].map((key) => key.toLowerCase());
      const here = { origin: `${exchange.origin}${folderOf(exchange)}` };
      if (asked.includes('wsdl') || asked.includes('singlewsdl')) return srv.wsdl(here);
      if (asked.includes('disco')) return discovery({ address: `${here.origin}${endpoint}`, namespace });
      const only = [...exchange.query].find(([key]) => key.toLowerCase() === 'op')?.[1];
      return srv.help(here, only);
    };
    return folders.flatMap((folder): Route[] => [
      { methods: ['GET'], path: `${folder}${endpoint}`, name: 'inforouter help', handle: show },
      {
        methods: ['POST'],
        path: `${folder}${endpoint}`,
        name: 'inforouter SOAP',
        handle: (exchange) => srv.call(exchange),
      },
      {
        methods: ['GET', 'POST'],
        path: `${folder}${endpoint}/:operation`,
        name: 'inforouter form',
        handle: (exchange) => srv.form(exchange, exchange.params.operation ?? ''),
      },
    ]);
  },
};
