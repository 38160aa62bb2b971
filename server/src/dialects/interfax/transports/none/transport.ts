import type { Clock } from '../../../../kit/clock.js';
import { type Status, statuses } from '../../faxes/statuses.js';
import type { Transport } from '../transport.js';

/** How faxes to numbers that end so come out; those to all others are sent. */
export const endings = {
  '0001': { what: 'busy', status: statuses.busy },
  '0002': { what: 'no answer', status: statuses.noAnswer },
  '0003': { what: 'number not in service', status: statuses.notInService },
  '0004': { what: 'the line breaks after the first page', status: statuses.disconnected },
  '0005': { what: 'the machines do not understand each other', status: statuses.machinesIncompatible },
  '0006': { what: 'call rejected', status: statuses.rejected },
  '0007': { what: 'busy at the first attempt, then sent', status: statuses.busy },
  '0008': { what: 'waits for a line until it is cancelled', status: statuses.sending },
} as const satisfies Readonly<Record<string, { readonly what: string; readonly status: Status }>>;

const outcomeOf = (number: string, attempt: number): Status => {
  const ending = number.slice(-4);
  if (ending === '0007' && attempt > 1) return statuses.sent;
  return Object.hasOwn(endings, ending) ? endings[ending as keyof typeof endings].status : statuses.sent;
};

/** Sends nothing, for those who test their clients: each fax is `time` ms on the line, and its number says how it ends. */
export const noneTransport = (time: number, clock: Clock): Transport => ({
  name: 'none',
  send: async ({ number, attempt, image }, line, signal) => {
    const status = outcomeOf(number, attempt);
    if (status === statuses.sending) await clock.sleep(2 ** 31 - 1, signal);
    signal.throwIfAborted();
    await line.onLine(true);
    if (time > 0) await clock.sleep(time, signal);
    signal.throwIfAborted();
    const pagesSent = status === statuses.sent ? image.pages : Number(status === statuses.disconnected);
    const duration = Math.round(time / 1000);
    return { status, pagesSent, duration, remoteCsid: status === statuses.sent ? number : '' };
  },
  withdraw: async () => undefined,
});
