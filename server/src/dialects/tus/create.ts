import { Refusal } from '../../engine/refusals.js';
import type { Upload } from '../../engine/upload.js';
import type { OpenSpec } from '../../engine/verbs.js';
import type { Exchange } from '../../http/exchange.js';
import type { Account, Caller } from '../../services/accounts/accounts.js';
import { append, isChunk, wrongType } from './append.js';
import { type Context, locationOf, needAlive, type Operation } from './context.js';
import { type Creation, expires, idAt, kindOf, readCheck, readCreation } from './messages.js';

/** Largest upload the caller may create, in bytes; null: no limit. */
export const largest = ({ host, options }: Pick<Context, 'host' | 'options'>, account: Account): number | null => {
  const limits = [options.maxSize || null, host.quota.largestFile(account)].filter((limit) => limit !== null);
  return limits.length === 0 ? null : Math.min(...limits);
};

const openSpec = (exchange: Exchange, context: Context, caller: Caller, creation: Creation): OpenSpec => {
  const { host, options } = context;
  const { expireAfter } = options;
  return {
    dialect: 'tus',
    owner: caller.account.name,
    size: creation.size,
    maxSize: largest(context, caller.account),
    metadata: creation.kept,
    quota: host.quota.limit(caller.account),
    expiry: expireAfter === 0 ? null : { at: host.clock.now() + expireAfter, sliding: expireAfter },
    from: exchange.remote,
  };
};

/** Creates an upload out of partial ones, joined when all of them are complete. */
const concat = async (
  exchange: Exchange,
  caller: Caller,
  context: Context,
  creation: Creation,
  urls: readonly string[],
): Promise<Upload> => {
  const { origin } = exchange;
  const ids = urls.map((url) => idAt(url, { origin, path: context.path }));
  const parts = new Map<string, Upload>();
  for (const id of new Set(ids)) parts.set(id, await needAlive(context, id, caller));
  const sizes = ids.map((id) => parts.get(id)?.size ?? null);
  for (const part of parts.values())
    if (kindOf(part) !== 'partial')
      throw new Refusal('malformed', { reason: `The upload ${part.id} is not a partial one.` });
  const size = sizes.reduce((sum, each) => (sum === null || each === null ? null : sum + each), 0);
  return context.host.engine.concat(ids, {
    ...openSpec(exchange, context, caller, { ...creation, size }),
    finish: context.finish,
  });
};

/** Opens an upload and takes in what the request brings of it. */
const open = async (exchange: Exchange, caller: Caller, context: Context, creation: Creation): Promise<Upload> => {
  const { engine } = context.host;
  const check = exchange.length === 0 ? null : readCheck(exchange.headers);
  const spec = openSpec(exchange, context, caller, creation);
  const empty = exchange.length === 0;
  // A partial upload without a byte is sealed by its last chunk as any other: by one of no bytes.
  if (empty && !(creation.size === 0 && creation.kept.concat !== null)) {
    const upload = await engine.open(spec);
    return creation.size === 0 ? engine.finish(upload.id, context.finish) : upload;
  }
  const { id } = await engine.open({ ...spec, chunkFollows: true });
  try {
    const { upload } = await append(exchange, context, { upload: id, offset: 0, size: null, check });
    return upload;
  } catch (error) {
    // Nobody knows this upload yet, and the client creates another one.
    await engine.cancel(id);
    throw error;
  }
};

/** `POST`: creates an upload, whole, partial or final, and takes in the first of its bytes if they come along. */
export const create: Operation = async (exchange, caller, context) => {
  caller.need('upload');
  const creation = readCreation(exchange.headers, context.options.metadataLimit);
  const { parts } = creation;
  if (exchange.length !== 0 && !isChunk(exchange)) return wrongType();
  if (exchange.length !== 0 && parts !== null)
    throw new Refusal('malformed', { reason: 'A final upload has no bytes of its own.' });
  const upload =
    parts === null
      ? await open(exchange, caller, context, creation)
      : await concat(exchange, caller, context, creation, parts);
  return {
    status: 201,
    headers: {
      location: locationOf(exchange, context, upload.id),
      ...(parts === null && isChunk(exchange) && { 'upload-offset': upload.contiguous }),
      ...expires(upload),
    },
  };
};
