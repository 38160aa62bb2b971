import { createHmac } from 'node:crypto';
import { withDeadline } from '../../../kit/deadline.js';
import type { Json } from '../../../kit/json.js';
import type { Worker } from '../../../services/jobs/jobs.js';
import type { Parts } from '../context.js';
import type { Callback } from '../jobs/callbacks.js';
import { callbackKind } from '../jobs/work.js';
import { failingHosts } from './failing-hosts.js';
import { askRemote, ForbiddenRemote } from './request.js';

/** ms that a callback's receiver may take: at first, and when it is tried again (specs/api2convert.md §12). */
const patience = { first: 3_000, later: 10_000 } as const;

/** The signature of a callback's body: HMAC-SHA256, lower-case hex. */
export const signatureOf = (secret: string, body: string): string =>
  createHmac('sha256', secret).update(body).digest('hex');

const send = async ({ options }: Parts, { url, body }: Callback, signal: AbortSignal): Promise<number> => {
  const { callbackSecret: secret, callbackHosts: hosts } = options;
  const response = await askRemote({
    url,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Longshore API v2 Client',
      ...(secret !== '' && { 'x-oc-signature': signatureOf(secret, body) }),
    },
    body,
    hosts,
    redirects: 0,
    signal,
  });
  response.destroy();
  const { statusCode = 0 } = response;
  if (statusCode >= 500) throw new Error(`the callback was answered with ${statusCode}`);
  return statusCode;
};

/**
 * Tells jobs to their callbacks. A 2xx acknowledges, a 3xx or 4xx is final; anything else is tried again. An attempt for a host that
 * has failed again and again counts as failed without being made.
 */
export const callbackWorker = (parts: Parts): Worker => {
  const { host } = parts;
  const failing = failingHosts(host.clock);
  return {
    kind: callbackKind,
    concurrency: 4,
    run: async (work, stopping): Promise<Json> => {
      const callback = work.input as unknown as Callback;
      const name = new URL(callback.url).host;
      if (failing.isSkipped(name)) throw new Error(`${name} has failed too often: it is left alone for a while`);
      const time = work.attempts > 1 ? patience.later : patience.first;
      try {
        const status = await send(parts, callback, withDeadline(stopping, time));
        failing.worked(name);
        return { status };
      } catch (error) {
        if (error instanceof ForbiddenRemote) {
          host.log.info({ err: error }, 'a callback is not sent');
          return { refused: error.message };
        }
        if (!stopping.aborted) failing.failed(name);
        throw error;
      }
    },
  };
};
