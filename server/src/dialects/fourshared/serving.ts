import { isRefusal } from '../../engine/refusals.js';
import { text } from '../../http/answers.js';
import type { Exchange, Reply, Route } from '../../http/exchange.js';
import {
  type Call,
  type Instead,
  jaxWs,
  type Operations,
  type Service,
  type SoapFailure,
  SoapFault,
  service,
} from '../../wire/soap/index.js';
import type { Host, Serving } from '../dialect.js';
import { pathOf, uploadPath, type Version, versions } from './address.js';
import { openVisit, type Parts, type Visit } from './context.js';
import { openDownload, openPage } from './downloads.js';
import { openDrive } from './drive/drive.js';
import * as operations from './operations.js';
import type { FourSharedOptions, options } from './options.js';
import { apiException, Denied, plainFault, problemOf } from './problems.js';
import { samples, showing } from './showing.js';
import { openCenters } from './uploads/centers.js';
import { openKeys } from './uploads/keys.js';
import { openPost } from './uploads/post.js';
import { restRoutes } from './uploads/rest.js';
import { siteRoutes } from './uploads/site.js';
import { openUploads } from './uploads/uploads.js';
import { asJax2, withoutFault } from './versions.js';

const namespace = 'http://api.soap.shared.pmstation.com/';

const partsOf = (host: Host, values: FourSharedOptions): Parts => {
  const drive = openDrive(host);
  return {
    host,
    options: values,
    drive,
    uploads: openUploads({ host, options: values, drive }),
    keys: openKeys(host, values.keyLife),
    centers: openCenters(values.dataCenters),
  };
};

/** What is answered to a call that failed: a fault, or in jax2 the value that says so (specs/fourshared.md §3). */
const failed =
  (host: Host, table: Operations<Visit>) =>
  (
    { kind, cause }: SoapFailure,
    _exchange: Exchange,
    call: Call | undefined,
  ): SoapFault | Reply | Instead | undefined => {
    if (kind !== 'refused') return undefined;
    if (isRefusal(cause, 'draining'))
      return text(503, 'The server is going down.', { 'retry-after': cause.facts.retryAfterSeconds });
    const operation = call?.operation ?? '';
    if (!isRefusal(cause) && !(cause instanceof Denied)) {
      host.log.error({ err: cause, operation }, 'a call failed');
      return new SoapFault({ code: 'Server', reason: 'Internal error.' });
    }
    const problem = problemOf(cause);
    if (table[operation]?.fault) return apiException(problem);
    return withoutFault(operation, problem) ?? plainFault(problem);
  };

const open = (parts: Parts, version: Version): Service => {
  const table = version === 'jax2' ? asJax2(operations) : operations;
  return service<Visit>({
    ...jaxWs,
    name: 'DesktopAppJax2Service',
    doc: 'A drive: folders and files, uploads in parts, a recycle bin.',
    namespace,
    operations: table,
    path: pathOf(version),
    action: () => '',
    versions: ['1.1'],
    context: (call) => openVisit(parts, call),
    failed: failed(parts.host, table),
  });
};

/** The description of a service: with its schemas in documents of their own, as the vendor has it, or all in one. */
const show = (described: Service, exchange: Exchange): Reply => {
  const asked = new Map([...exchange.query].map(([name, value]) => [name.toLowerCase(), value]));
  if (asked.has('singlewsdl')) return described.wsdl(exchange);
  if (asked.has('wsdl')) return described.wsdl(exchange, { schemas: 'imported' });
  const number = asked.get('xsd');
  if (number !== undefined) return described.schema(exchange, Number(number)) ?? text(404, 'There is no such schema.');
  return described.help(exchange);
};

const soapRoutes = (parts: Parts, version: Version): Route[] => {
  const served = open(parts, version);
  const path = pathOf(version);
  return [
    { methods: ['GET'], path, name: `4shared ${version} WSDL`, handle: async (exchange) => show(served, exchange) },
    { methods: ['POST'], path, name: `4shared ${version} SOAP`, handle: (exchange) => served.call(exchange) },
  ];
};

/** What serves it. */
export const serving: Serving<typeof options> = {
  samples: () => samples,
  show: showing,
  sweeps: (host, values) => {
    const { uploads, keys } = partsOf(host, values);
    return [uploads.sweep, keys.sweep];
  },
  routes: (host, values): Route[] => {
    const parts = partsOf(host, values);
    return [
      ...versions.flatMap((version) => soapRoutes(parts, version)),
      { methods: ['POST'], path: uploadPath, name: '4shared part', handle: openPost(parts) },
      { methods: ['GET', 'HEAD'], path: '/get/:code/:name', name: '4shared download', handle: openDownload(parts) },
      { methods: ['GET', 'HEAD'], path: '/file/:code/:name', name: '4shared page', handle: openPage(parts) },
      ...siteRoutes(parts),
      ...restRoutes(parts),
    ];
  },
};
