import { accountOperations } from './accounts/operations.js';
import { documentOperation } from './openapi/operation.js';
import type { Operation } from './operation.js';
import { aboutOperations } from './server/about.js';
import { sessionOperations } from './session/operations.js';

/** Everything that is answered below `/api`: each part of the API has its line. */
export const operations: readonly Operation[] = [
  ...aboutOperations,
  documentOperation(() => operations),
  ...sessionOperations,
  ...accountOperations,
];
