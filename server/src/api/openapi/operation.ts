import { json } from '../../http/answers.js';
import { type Operation, operation } from '../operation.js';
import type { Json } from './schemas.js';

/** `GET /openapi.json`: what can be asked here, of all `operations`. */
export const documentOperation = (operations: () => readonly Operation[]): Operation => {
  let made: Promise<Json> | undefined;
  return operation(
    {
      access: 'anybody',
      method: 'GET',
      path: '/openapi.json',
      tag: 'server',
      summary: 'This document.',
      answer: 'application/json',
    },
    async ({ host, exchange }) => {
      // Made when it is asked for first: most servers never are, and what makes it takes memory.
      made ??= import('./document.js').then(({ documentOf }) => documentOf(operations(), host));
      return json(200, { ...(await made), servers: [{ url: `${exchange.origin}/api` }] });
    },
  );
};
