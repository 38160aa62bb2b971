import type { DialectAbout } from '../api/shapes/index.js';
import type { DialectMount } from './mounts.js';

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

/** What is told of a dialect to somebody who reached the server at `origin`. */
export const aboutDialect = (spoken: Spoken, origin: string): DialectAbout => {
  const { name, title, doc } = spoken.dialect;
  const base = baseOf(spoken, origin);
  return {
    name,
    title,
    doc,
    endpoints: endpointsOf(spoken, origin),
    samples: spoken.samples.map((sample) => ({ title: sample.title, code: sample.code.replaceAll('$BASE', base) })),
  };
};
