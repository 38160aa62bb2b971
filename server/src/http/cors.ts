import type { Exchange, Reply } from './exchange.js';

/** What a browser is told about other origins' pages. Never allows cookies: credentials travel in `Authorization`. */
export interface Cors {
  /** Is this a browser's preflight, as against an `OPTIONS` of the protocol itself? */
  isPreflight(exchange: Exchange): boolean;
  /** The answer to a preflight; `methods` are those that the path takes. */
  preflight(exchange: Exchange, methods: readonly string[]): Reply;
  /** What to add to an answer. A route that says such a thing itself is left alone. */
  headers(origin: string, reply: Reply): Record<string, string>;
}

/** Cross-origin rules for pages from `origins` (`*`: from anywhere). */
export const cors = (origins: readonly string[]): Cors => {
  const all = origins.includes('*');
  const known = new Set(origins.map((origin) => origin.toLowerCase().replace(/\/$/, '')));
  const allow = (origin: string, headers: Reply['headers'] = {}): Record<string, string> => {
    if (all) return { 'access-control-allow-origin': '*' };
    const vary = Object.keys(headers).find((name) => name.toLowerCase() === 'vary') ?? 'vary';
    const varies = { [vary]: [headers[vary] ?? [], 'Origin'].flat().join(', ') };
    return known.has(origin.toLowerCase()) ? { 'access-control-allow-origin': origin, ...varies } : varies;
  };
  return {
    isPreflight: ({ method, headers }) =>
      method === 'OPTIONS' &&
      headers.origin !== undefined &&
      headers['access-control-request-method'] !== undefined &&
      origins.length > 0,
    preflight: ({ headers }, methods) => {
      const asked = headers['access-control-request-headers'];
      return {
        status: 204,
        headers: {
          ...allow(headers.origin ?? ''),
          'access-control-allow-methods': methods.join(', '),
          ...(asked === undefined ? {} : { 'access-control-allow-headers': asked }),
          'access-control-max-age': 7200,
        },
      };
    },
    headers: (origin, reply) => {
      const own = Object.keys(reply.headers ?? {});
      if (origins.length === 0 || own.some((name) => name.toLowerCase() === 'access-control-allow-origin')) return {};
      // Whatever header an answer carries is for its client to read: no dialect has to list its own here.
      const exposed = own.filter((name) => !/^(?:vary|set-cookie)$/i.test(name)).join(', ');
      return {
        ...allow(origin, reply.headers),
        ...(exposed === '' ? {} : { 'access-control-expose-headers': exposed }),
      };
    },
  };
};
