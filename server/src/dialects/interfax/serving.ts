import { resolve } from 'node:path';
import type { Exchange, Reply, Route } from '../../http/exchange.js';
import { leftFolders } from '../../services/programs/left-folders.js';
import { asmx, service } from '../../wire/soap/index.js';
import type { Host, Serving } from '../dialect.js';
import { endpoint } from './address.js';
import { type Context, openContext, type Parts } from './context.js';
import { faxWorker } from './delivery.js';
import { discovery } from './discovery.js';
import { failed } from './failures.js';
import { openFaxes } from './faxes/open.js';
import * as operations from './operations.js';
import type { InterfaxOptions, options } from './options.js';
import { openPolls } from './polls.js';
import { openDocuments } from './rest/documents/documents.js';
import { restRoutes } from './rest/routes.js';
import { openSessions } from './sessions.js';
import { pageFolders } from './showing/page.js';
import { samples } from './showing/samples.js';
import { showing } from './showing/showing.js';

const keepingOf = ({ keepImages, keepFaxes }: InterfaxOptions) => ({ bytes: keepImages, record: keepFaxes });

const partsOf = (host: Host, values: InterfaxOptions): Parts => ({
  host,
  options: values,
  sessions: openSessions(host, values),
  faxes: openFaxes(host, keepingOf(values)),
  polls: openPolls(host, values.pollsPerMinute),
});

/** The SOAP web service, its forms and its pages. */
const webService = (parts: Parts): Route[] => {
  const dfs = service<Context>({
    ...asmx,
    name: 'InterFax',
    doc: 'Faxes documents that are sent along, or were uploaded in chunks.',
    namespace: 'http://www.interfax.cc',
    operations,
    path: endpoint,
    strict: true,
    wholeForms: true,
    understands: () => false,
    limits: { message: parts.options.maxRequest },
    context: (call) => openContext(parts, call),
    release: (context) => context.leave(),
    failed: failed(parts.host.log),
  });
  const show = async (exchange: Exchange): Promise<Reply> => {
    const asked = [...exchange.query.keys()].map((key) => key.toLowerCase());
    if (asked.includes('wsdl') || asked.includes('singlewsdl')) return dfs.wsdl(exchange);
    if (asked.includes('disco')) return discovery(`${exchange.origin}${endpoint}`);
    return dfs.help(exchange, [...exchange.query].find(([key]) => key.toLowerCase() === 'op')?.[1]);
  };
  return [
    { methods: ['GET'], path: endpoint, name: 'interfax help', handle: show },
    { methods: ['POST'], path: endpoint, name: 'interfax SOAP', handle: (exchange) => dfs.call(exchange) },
    {
      methods: ['GET', 'POST'],
      path: `${endpoint}/:operation`,
      name: 'interfax form',
      handle: (exchange) => dfs.form(exchange, exchange.params.operation ?? ''),
    },
  ];
};

/** What serves it. */
export const serving: Serving<typeof options> = {
  samples: () => samples,
  show: showing,
  sweeps: (host, values) => [
    openSessions(host, values).sweep,
    openDocuments(host, values).sweep,
    openFaxes(host, keepingOf(values)).sweep,
    leftFolders(host.clock, {
      name: 'left pages of faxes',
      folder: resolve(host.data, values.renderFolder),
      prefix: pageFolders,
    }),
  ],
  routes: (host, values): Route[] => {
    const parts = partsOf(host, values);
    host.jobs.work(faxWorker(host, parts.faxes, values));
    return [...webService(parts), ...restRoutes({ ...parts, documents: openDocuments(host, values) })];
  },
};
