import { readDisposition } from '../disposition/read.js';
import type { FormField } from '../fields/field.js';
import { parseMediaType } from './media-type.js';
import { type MimeLimits, mimeParts } from './parts.js';

export const defaultFormLimits: MimeLimits = { headers: 8192, parts: 1024 };

/**
 * The fields of a `multipart/form-data` body (RFC 7578) one after the other, as they arrive; values are never gathered. A
 * field is a file when its part has a file name, or is `application/octet-stream`; one without a name is called `''`.
 * Throws as `mimeParts` does.
 */
export async function* multipartFields(
  source: AsyncIterable<Buffer>,
  boundary: string,
  limits: MimeLimits = defaultFormLimits,
): AsyncGenerator<FormField, void, undefined> {
  for await (const { headers, body, before } of mimeParts(source, boundary, limits)) {
    const { name = '', fileName } = readDisposition(headers['content-disposition'] ?? '');
    const { type } = parseMediaType(headers['content-type'] ?? '');
    const file = fileName !== undefined || type === 'application/octet-stream';
    yield { name, file, fileName, headers, before, value: () => body };
  }
}
