import { type Status, statuses } from '../../faxes/statuses.js';

/** What HylaFAX's codes of a failed call mean: `001` busy and so on, from its list of status codes. */
const meanings: Readonly<Record<number, Status>> = {
  1: statuses.busy,
  2: statuses.noResponse, // no carrier
  3: statuses.noAnswer,
  4: statuses.telephonyError, // no local dial tone
  5: statuses.telephonyError, // invalid dialling command
  6: statuses.telephonyError,
  7: statuses.disconnected, // carrier, and then none
  8: statuses.machinesIncompatible, // a data modem answers
  10: statuses.telephonyError, // somebody calls us
  11: statuses.rejected, // blacklisted by the modem
  12: statuses.noAnswer, // it rings, and nobody lifts
  13: statuses.noResponse,
};

/** What the words say, where the code says nothing. */
const words: readonly (readonly [RegExp, Status])[] = [
  [/busy/i, statuses.busy],
  [/no answer|ring/i, statuses.noAnswer],
  [/no carrier|no response|handshake/i, statuses.noResponse],
  [/kill time|expired/i, statuses.noResponse],
  [/abort|removed|killed/i, statuses.cancelled],
  [/document|convert|format/i, statuses.renderingError],
];

/** The status of a job that failed, by HylaFAX's code and words for it. */
export const statusOf = (code: number, text: string): Status => {
  const meant = meanings[code];
  if (meant !== undefined) return meant;
  // From 100 on they are about the talk between the machines.
  if (code >= 100 && code < 300) return statuses.disconnected;
  return words.find(([pattern]) => pattern.test(text))?.[1] ?? statuses.telephonyError;
};
