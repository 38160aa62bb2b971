import { json } from '../../http/answers.js';
import { documentOf } from './openapi/document.js';
import { one } from './openapi/shapes.js';
import { type Operation, open } from './operation.js';
import { conversionOperations } from './operations/conversions.js';
import { inputOperations } from './operations/inputs.js';
import { jobOperations } from './operations/jobs.js';
import { outputOperations } from './operations/outputs.js';
import { presetOperations } from './operations/presets.js';
import { serverOperations } from './operations/server.js';
import { transferOperations } from './operations/transfers.js';

const described = (path: string, summary: string): Operation =>
  open({ method: 'GET', path, summary, answers: { 200: one('Anything') } }, async ({ exchange }) =>
    json(200, documentOf(operations, exchange.origin)),
  );

/** Every operation, from which dispatch and the OpenAPI document follow. */
export const operations: readonly Operation[] = [
  ...jobOperations,
  ...inputOperations,
  ...conversionOperations,
  ...outputOperations,
  ...presetOperations,
  ...serverOperations,
  described('/schema', 'This document.'),
  described('/openapi.json', 'This document.'),
  ...transferOperations,
];
