import { bytesOption, flagOption, listOption, numberOption, type OptionValues, textOption } from '../kit/options.js';

/** How the server listens, whom it believes, and how long it waits. Times are milliseconds. */
export const httpOptions = {
  host: textOption({ help: 'Address to listen on; 0.0.0.0 or :: for every interface.', default: '127.0.0.1' }),
  port: numberOption({ help: 'TCP port to listen on; 0 takes a free one.', default: 8480 }),
  publicUrl: textOption({
    help: 'URL under which clients reach the server, with a path if a proxy adds one; else it is taken from each request.',
    default: null,
    placeholder: 'URL',
  }),
  trustedProxies: listOption({
    help: 'Addresses, networks (10.0.0.0/8) or "loopback", "private" whose Forwarded and X-Forwarded-* headers are believed.',
    default: [],
    placeholder: 'LIST',
  }),
  tlsCert: textOption({
    help: 'PEM file with the certificate chain; with tlsKey, turns HTTPS on.',
    default: null,
    placeholder: 'FILE',
  }),
  tlsKey: textOption({ help: 'PEM file with the private key.', default: null, placeholder: 'FILE' }),
  idleTimeoutMs: numberOption({
    help: 'How long a body, sent or received, may stand still before its connection is given up, in ms.',
    default: 60_000,
    min: 1,
  }),
  headersTimeoutMs: numberOption({
    help: 'How long a request may take to send its headers, in ms.',
    default: 30_000,
    min: 1,
  }),
  keepAliveMs: numberOption({
    help: 'How long an idle connection is kept for the next request, in ms.',
    default: 75_000,
    min: 1,
  }),
  lingerMs: numberOption({
    help: 'How long the rest of a body that nobody wants is taken off the wire after the answer, in ms.',
    default: 5_000,
    min: 1,
  }),
  drainMs: numberOption({ help: 'How long running requests may go on when the server stops, in ms.', default: 30_000 }),
  maxHeaderBytes: bytesOption({
    help: 'Most bytes that the request line and headers may have together.',
    default: 32 * 1024,
  }),
  maxHeaderCount: numberOption({ help: 'Most header fields that a request may have.', default: 200, min: 1 }),
  corsOrigins: listOption({
    help: 'Origins whose web pages may use the server; * for all, empty for none.',
    default: ['*'],
    placeholder: 'LIST',
  }),
  accessLog: flagOption({
    help: 'Whether each request is logged: by the name of its route, never its path.',
    default: true,
  }),
  metrics: flagOption({ help: 'Whether /metrics is served.', default: true }),
  metricsToken: textOption({
    help: 'Bearer token that /metrics then asks for.',
    default: null,
    placeholder: 'TOKEN',
    secret: true,
  }),
};

export type HttpOptions = OptionValues<typeof httpOptions>;
