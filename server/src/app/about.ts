import { json } from '../http/answers.js';
import type { Route } from '../http/exchange.js';
import type { Clock } from '../kit/clock.js';
import type { DialectMount } from './mounts.js';

/** What is offered, for people and the web page. */
export interface About {
  readonly name: string;
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly dialects: readonly {
    readonly name: string;
    readonly title: string;
    readonly doc: string;
    readonly endpoints: readonly { readonly url: string; readonly what: string }[];
  }[];
}

/** A dialect that is spoken. `address`: where its mount listens, with scheme, port and prefix. */
export interface Spoken extends DialectMount {
  readonly address: string;
}

/** Where a dialect is reached by somebody who reached the server at `origin`. */
const baseOf = ({ mount: { prefix, host, port }, address }: Spoken, origin: string): string => {
  const path = new URL(`/${prefix ?? ''}`.replace(/^\/+/, '/'), address).pathname.replace(/\/$/, '');
  if (host === undefined && port === undefined) return `${origin}${path}`;
  const url = new URL(address);
  const asked = new URL(origin);
  url.hostname = host ?? asked.hostname;
  if (port === undefined) url.port = asked.port;
  return `${url.protocol}//${url.host}${path}`;
};

/** The addresses of a dialect, as seen from `origin`. */
export const endpointsOf = (spoken: Spoken, origin: string): { url: string; what: string }[] =>
  spoken.endpoints.map(({ path, what }) => ({ url: `${baseOf(spoken, origin)}${path}`, what }));

/** `GET /api/about`: who answers here, and what it offers. */
export const aboutRoute = (facts: {
  name: string;
  version: string;
  clock: Clock;
  spoken: () => readonly Spoken[];
}): Route => {
  const since = facts.clock.now();
  return {
    methods: ['GET'],
    path: '/api/about',
    name: 'about',
    handle: async ({ origin }) => {
      const about: About = {
        name: facts.name,
        version: facts.version,
        uptimeSeconds: Math.floor((facts.clock.now() - since) / 1000),
        dialects: facts.spoken().map((spoken) => {
          const { name, title, doc } = spoken.dialect;
          return { name, title, doc, endpoints: endpointsOf(spoken, origin) };
        }),
      };
      return json(200, about, { 'cache-control': 'no-store' });
    },
  };
};
