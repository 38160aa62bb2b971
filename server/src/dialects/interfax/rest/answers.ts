import type { Exchange, Reply } from '../../../http/exchange.js';

const common = { 'cache-control': 'private' };

/** Clients compare this type by the letter: no charset (specs/interfax.md §11.1). */
const type = 'text/json';

/** An answer in JSON. */
export const jsonReply = (status: number, value: unknown, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers: { ...common, 'content-type': type, ...headers },
  body: JSON.stringify(value),
});

/** An answer without a body. */
export const emptyReply = (status: number, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers: { ...common, ...headers },
});

/** Where something of the REST API is, as clients reach it: `/outbound/faxes/12`. */
export const uriOf = ({ origin }: Pick<Exchange, 'origin'>, path: string): string => `${origin}${path}`;

/** Something was made. `Location` is for such answers alone: clients take it for the answer wherever it is. */
export const createdReply = (exchange: Pick<Exchange, 'origin'>, path: string): Reply =>
  emptyReply(201, { 'content-type': type, location: uriOf(exchange, path) });

/** A moment in GMT, written without a zone; where there is none, the first that there is. */
export const momentText = (at: number | null): string =>
  at === null ? '0001-01-01T00:00:00' : new Date(at).toISOString().slice(0, 19);
