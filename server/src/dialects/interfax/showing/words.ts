import type { Status } from '../faxes/statuses.js';

/** What codes mean (specs/interfax.md §7). */
const meanings: readonly (readonly [text: string, codes: readonly Status[]])[] = [
  ['Sent', [0]],
  ['Being prepared', [-1, -11]],
  ['Ready, waiting in the queue', [-2]],
  ['Sending, or waiting for a retry', [-3]],
  ['Out of credit', [-22]],
  ['Internal error', [1, 256, 205_001, 206_001]],
  ['Busy', [263, 3931, 3933, 3937, 6017, 8025]],
  ['Cancelled', [403]],
  ['Fax machines incompatible', [3211, 3220, 3225, 3231, 3233, 3264, 3267, 3269]],
  ['Unexpected disconnect', [3223, 3230, 3268]],
  ['No response from the other machine', [3224]],
  ['No answer', [3935, 6018, 8021]],
  ['A person answered', [3936]],
  ['Number not in service', [3912, 3932, 3938, 6001, 6027, 6028]],
  ['No route to the number', [6002]],
  ['Number changed', [6022]],
  ['Call rejected', [6021, 6029]],
  ['Incompatible destination', [6088, 6095, 6097, 6099, 6100]],
  ['The other side hung up', [8010]],
  ['Rendering error', [204_000, 204_001]],
  ['Quota used up', [205_000]],
];

const known = new Map(meanings.flatMap(([text, codes]) => codes.map((code) => [code, text] as const)));

/** A status in the vendor's words, a failure with its code. */
export const statusWords = (status: Status): string => {
  if (status <= 0) return known.get(status) ?? 'In progress';
  return `${known.get(status) ?? 'Telephony error'} (${status})`;
};
