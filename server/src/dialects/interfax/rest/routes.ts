import type { Route } from '../../../http/exchange.js';
import { findFileTypes } from '../file-types.js';
import { jsonReply } from './answers.js';
import { documentRoutes } from './documents/routes.js';
import { supportedMediaTypes } from './faxes/media-types.js';
import { batchRoutes, faxRoutes } from './faxes/routes.js';
import { type RestParts, restRoute } from './visit.js';

/** What every account has: nothing is charged for, and clients that look first shall send. */
const balance = 999_999;

/** The REST API (specs/interfax.md §11). */
export const restRoutes = (parts: RestParts): Route[] => [
  ...documentRoutes(parts),
  ...faxRoutes(parts),
  ...batchRoutes(parts),
  restRoute(parts, ['GET', '/outbound/help/mediatype', 'media types'], async ({ options }) =>
    jsonReply(200, supportedMediaTypes(await findFileTypes(options))),
  ),
  restRoute(parts, ['GET', '/accounts/self/ppcards/balance', 'balance'], async () => ({
    ...jsonReply(200, balance),
    body: balance.toFixed(4),
  })),
];
