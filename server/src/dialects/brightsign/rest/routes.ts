import type { Route } from '../../../http/exchange.js';
import { chunkRoutes } from './chunks.js';
import { fileRoutes } from './files.js';
import { sessionRoutes } from './sessions.js';
import { tokenRoutes } from './token.js';
import type { RestParts } from './visit.js';

/** Where the REST upload API is, in the version that clients name most. */
export const restPath = '/Upload/2019/03/REST';
/** Where tokens are given. */
export const tokenPath = '/2020/07/REST/Token/';

/** The REST upload API (specs/brightsign.md, part B). Any version in the path is served alike. */
export const restRoutes = (parts: RestParts): Route[] => {
  const uploads = '/Upload/:year/:month/REST';
  return [
    ...sessionRoutes(parts, uploads),
    ...fileRoutes(parts, uploads),
    ...chunkRoutes(parts, uploads),
    ...tokenRoutes(parts, '/:year/:month/REST'),
  ];
};
