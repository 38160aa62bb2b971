import type { Json } from '../../../kit/json.js';
import type { Input } from '../jobs/job.js';
import { phpMap } from './maps.js';
import { printTime } from './times.js';

/** An input as clients see it (specs/api2convert.md §5). Credentials are never told. */
export const inputShape = (input: Input): { [key: string]: Json } => {
  const checksum = input.stored?.digests.md5 ?? '';
  return {
    id: input.id,
    type: input.type,
    status: input.status,
    source: input.source,
    engine: input.engine,
    options: phpMap(input.options),
    filename: input.filename,
    size: input.stored?.size ?? 0,
    hash: checksum,
    checksum,
    content_type: input.stored?.type ?? '',
    created_at: printTime(input.createdAt),
    modified_at: printTime(input.modifiedAt),
    credentials: [],
    parameters: phpMap(input.parameters),
    metadata: phpMap(input.metadata),
  };
};
