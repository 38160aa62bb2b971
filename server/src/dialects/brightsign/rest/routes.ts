import type { Route } from '../../../http/exchange.js';
import { chunkRoutes } from './chunks.js';
import { fileRoutes } from './files.js';
import { sessionRoutes } from './sessions.js';
import { tokenRoutes } from './token.js';
import type { RestParts } from './visit.js';

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
