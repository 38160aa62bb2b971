import type { Json } from '../../../kit/json.js';
import { type JobRecord, statusTexts, type Trouble } from '../jobs/job.js';
import { conversionShape } from './conversion.js';
import { inputShape } from './input.js';
import { phpMap } from './maps.js';
import { type OutputView, outputShapes } from './output.js';
import { printTime } from './times.js';

const troubleShape = ({ source, idSource, code, message }: Trouble): Json => ({
  source,
  id_source: idSource,
  code,
  message,
  details: {},
});

/** A job as clients see it, its fields in the vendor's order (specs/api2convert.md §4). Passwords are never told. */
export const jobShape = (id: string, job: JobRecord, view: OutputView): { [key: string]: Json } => ({
  id,
  token: job.token,
  type: 'job',
  status: { code: job.status, info: statusTexts[job.status] },
  errors: job.errors.map(troubleShape),
  warnings: job.warnings.map(troubleShape),
  process: job.process,
  fail_on_input_error: job.failOnInputError,
  fail_on_conversion_error: job.failOnConversionError,
  conversion: job.conversions.map(conversionShape),
  limits: phpMap(job.limits),
  input: job.inputs.map(inputShape),
  output: outputShapes(id, job, view),
  callback: job.callback,
  notify_status: job.notifyStatus,
  server: view.server,
  spent: 0,
  created_at: printTime(job.createdAt),
  modified_at: printTime(job.modifiedAt),
});
