import { multipartFields } from '../multipart/fields.js';
import { parseMediaType } from '../multipart/media-type.js';
import type { FormField } from './field.js';
import { urlencodedFields } from './urlencoded.js';

/**
 * The fields of a form in `body`, as they arrive: urlencoded or multipart, as its content type says. Undefined where it
 * is neither. While they are read they throw `FormError`, `MimeError`, and `BodyCut` when the form is not whole.
 */
export const formFields = (
  contentType: string | undefined,
  body: AsyncIterable<Buffer>,
): AsyncGenerator<FormField, void, undefined> | undefined => {
  const { type, parameters } = parseMediaType(contentType ?? '');
  if (type === 'application/x-www-form-urlencoded') return urlencodedFields(body);
  if (type === 'multipart/form-data') return multipartFields(body, parameters.boundary ?? '');
  return undefined;
};

/** The fields of a request's query: `target` as it was sent, `/a?x=1`. */
export const queryFields = (target: string): AsyncGenerator<FormField, void, undefined> => {
  const mark = target.indexOf('?');
  const query = async function* () {
    if (mark >= 0) yield Buffer.from(target.slice(mark + 1), 'latin1');
  };
  return urlencodedFields(query());
};
