import { dialect } from '../dialect.js';
import { orphanSweep } from './library/orphans.js';
import { dialectName } from './library/places.js';
import { linkRoutes } from './links.js';
import { options } from './options.js';
import { restPath, restRoutes, tokenPath } from './rest/routes.js';
import { openTokens } from './rest/tokens.js';
import { applicationPath, soapRoutes, uploadPath } from './services.js';
import { samples, showing } from './showing.js';
import { thumbnailWorker } from './thumbnails/worker.js';

/** Content Upload of the BrightSign Network and the library behind it, as their SOAP and REST clients know them. */
export const brightsign = dialect({
  name: dialectName,
  title: 'BrightSign Network',
  doc: 'Uploads contents and web pages of a signage library by SOAP and REST, in chunks, in parallel and in any order.',
  options,
  endpoints: () => [
    { path: `${uploadPath}/Basic/`, what: 'Content Upload, SOAP' },
    { path: `${uploadPath}/WSDL/`, what: 'Content Upload, WSDL' },
    { path: `${restPath}/Sessions/`, what: 'Content Upload, REST' },
    { path: tokenPath, what: 'access tokens for REST' },
    { path: `${applicationPath}/Basic/`, what: 'Application (library), SOAP' },
    { path: `${applicationPath}/WSDL/`, what: 'Application (library), WSDL' },
  ],
  samples: () => samples,
  show: showing,
  sweeps: (host, values) => [orphanSweep(host), openTokens(host, values).sweep],
  routes: (host, values) => {
    host.jobs.work(thumbnailWorker(host, values));
    const tokens = openTokens(host, values);
    return [...soapRoutes(host, values), ...restRoutes({ host, options: values, tokens }), ...linkRoutes(host)];
  },
});
