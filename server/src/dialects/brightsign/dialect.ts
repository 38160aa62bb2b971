import { dialect } from '../dialect.js';
import { orphanSweep } from './library/orphans.js';
import { dialectName } from './library/places.js';
import { linkRoutes } from './links.js';
import { options } from './options.js';
import { applicationPath, soapRoutes, uploadPath } from './services.js';
import { thumbnailWorker } from './thumbnails/worker.js';

/** Content Upload of the BrightSign Network and the library behind it, as their SOAP clients know them. */
export const brightsign = dialect({
  name: dialectName,
  title: 'BrightSign Network',
  doc: 'Uploads contents and web pages of a signage library by SOAP, in chunks, in parallel and in any order.',
  options,
  endpoints: () => [
    { path: `${uploadPath}/Basic/`, what: 'Content Upload, SOAP' },
    { path: `${uploadPath}/WSDL/`, what: 'Content Upload, WSDL' },
    { path: `${applicationPath}/Basic/`, what: 'Application (library), SOAP' },
    { path: `${applicationPath}/WSDL/`, what: 'Application (library), WSDL' },
  ],
  sweeps: (host) => [orphanSweep(host)],
  routes: (host, values) => {
    host.jobs.work(thumbnailWorker(host, values));
    return [...soapRoutes(host, values), ...linkRoutes(host)];
  },
});
