import type { Exchange, Reply, Route } from '../../../http/exchange.js';
import type { Caller } from '../../../services/accounts/accounts.js';
import type { Parts } from '../context.js';
import { type Leavings, openLeavings } from '../leavings.js';
import type { Documents } from './documents/documents.js';
import { replyTo } from './problems.js';

/** What the REST API is made of: the same for all requests. */
export interface RestParts extends Parts {
  readonly documents: Documents;
}

/** One request, of somebody who is known. */
export interface Visit extends RestParts, Leavings {
  readonly exchange: Exchange;
  readonly caller: Caller;
  /** The value of an argument, by its name in any letter case; empty where it is missing. */
  argument(name: string): string;
}

const argumentsOf = ({ query }: Exchange): Map<string, string> => {
  const found = new Map<string, string>();
  for (const [name, value] of query) if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), value.trim());
  return found;
};

type Method = 'GET' | 'POST' | 'DELETE';

/** Makes a route of the REST API: who asks is judged before the request's body is read, and what was refused is told in JSON. */
export const restRoute = (
  parts: RestParts,
  [method, path, what]: readonly [Method, string, what: string],
  handle: (visit: Visit) => Promise<Reply>,
): Route => ({
  methods: [method],
  path,
  name: `interfax REST ${what}`,
  handle: async (exchange) => {
    const { host } = parts;
    const leavings = openLeavings(host);
    try {
      const caller = await host.accounts.authorize(exchange.headers.authorization);
      const said = argumentsOf(exchange);
      const argument = (name: string) => said.get(name.toLowerCase()) ?? '';
      return await handle({ ...parts, ...leavings, exchange, caller, argument });
    } catch (error) {
      return replyTo(error, host.log);
    } finally {
      await leavings.leave();
    }
  },
});

/** A whole number of an argument; `usual` where it says none that is at least 0. */
export const wholeNumber = (text: string, usual: number): number => (/^\d{1,15}$/.test(text) ? Number(text) : usual);

/** How many items a list is to have. */
export const limitOf = ({ argument }: Visit): number => Math.min(1000, wholeNumber(argument('limit'), 25));
