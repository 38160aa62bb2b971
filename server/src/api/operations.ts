import { accountOperations } from './accounts/operations.js';
import { fileOperations } from './files/operations.js';
import { liveOperations } from './live/operations.js';
import { documentOperation } from './openapi/operation.js';
import type { Operation } from './operation.js';
import { aboutOperations } from './server/about.js';
import { sessionOperations } from './session/operations.js';
import { uploadOperations } from './uploads/operations.js';
import { jobOperations } from './work/jobs.js';
import { taskOperations } from './work/tasks.js';

/** Everything that is answered below `/api`: each part of the API has its line. */
export const operations: readonly Operation[] = [
  ...aboutOperations,
  documentOperation(() => operations),
  ...sessionOperations,
  ...accountOperations,
  ...uploadOperations,
  ...fileOperations,
  ...taskOperations,
  ...jobOperations,
  ...liveOperations,
];
