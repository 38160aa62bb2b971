import { algorithms } from '../../engine/digests.js';
import { Refusal } from '../../engine/refusals.js';
import { text } from '../../http/answers.js';
import type { Exchange, Reply } from '../../http/exchange.js';
import { patch } from './append.js';
import type { Context, Operation } from './context.js';
import { create } from './create.js';
import { download } from './download.js';
import { look } from './look.js';
import { refusals } from './refusals.js';
import { terminate } from './terminate.js';

/** The one version of the protocol that is spoken. */
export const version = '1.0.0';

export const extensions = [
  'creation',
  'creation-with-upload',
  'creation-defer-length',
  'expiration',
  'checksum',
  'checksum-trailer',
  'termination',
  'concatenation',
  'concatenation-unfinished',
] as const;

/** What can be asked of the address where uploads are created. */
export const ofCollection: Readonly<Record<string, Operation>> = { POST: create };

/** What can be asked of an upload. */
export const ofUpload: Readonly<Record<string, Operation>> = {
  HEAD: look,
  PATCH: patch,
  DELETE: terminate,
  GET: download,
};

/** `OPTIONS`: what this server can do. */
const capabilities = ({ options }: Context): Reply => ({
  status: 204,
  headers: {
    'tus-version': version,
    // Whoever is told nothing of expiring uploads is not told that they expire.
    'tus-extension': extensions.filter((name) => name !== 'expiration' || options.expireAfter > 0).join(','),
    'tus-checksum-algorithm': algorithms.join(','),
    ...(options.maxSize > 0 && { 'tus-max-size': options.maxSize }),
  },
});

const perform = async (
  exchange: Exchange,
  context: Context,
  operations: Readonly<Record<string, Operation>>,
): Promise<Reply> => {
  const { headers } = exchange;
  const method = String(headers['x-http-method-override'] ?? exchange.method).toUpperCase();
  if (method === 'OPTIONS') return capabilities(context);
  const operation = Object.hasOwn(operations, method) ? operations[method] : undefined;
  if (operation === undefined)
    return text(405, `${method} is not possible here.`, { allow: ['OPTIONS', ...Object.keys(operations)].join(', ') });
  // A file is fetched by browsers too, which do not speak tus.
  if (method !== 'GET' && headers['tus-resumable'] !== version)
    return text(412, `Tus-Resumable: ${version} is wanted.`, { 'tus-version': version });
  return operation(exchange, await context.host.accounts.authorize(headers.authorization), context);
};

/** Answers a request by the operation for its method; refusals and faults in the words of tus. */
export const answer = async (
  exchange: Exchange,
  context: Context,
  operations: Readonly<Record<string, Operation>>,
): Promise<Reply> => {
  const reply = await perform(exchange, context, operations).catch((error: unknown) => {
    if (error instanceof Refusal) return error.answer(refusals);
    context.host.log.error({ err: error }, 'a tus request failed');
    return text(500, 'The server failed.');
  });
  const { status, body } = reply;
  const headers = { 'tus-resumable': version, ...reply.headers };
  return body === undefined || exchange.method === 'HEAD' ? { status, headers } : { status, headers, body };
};
