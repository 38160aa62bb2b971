import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { Exchange } from '../../http/exchange.js';
import { MimeError } from '../multipart/errors.js';
import { parseMediaType } from '../multipart/media-type.js';
import { type MimePart, mimeParts } from '../multipart/parts.js';
import { SoapFailure } from './fault.js';

/** A SOAP message as it comes in by HTTP, before its envelope is read. */
export interface Message {
  /** The envelope's bytes. */
  readonly envelope: AsyncIterable<Buffer>;
  readonly charset: string | undefined;
  /** What the request says it wants done; undefined when it says nothing or nothing of use. */
  readonly action: string | undefined;
  /** The version that the content type speaks of; the envelope decides. */
  readonly version: '1.1' | '1.2';
  /** The parts behind the envelope; undefined when the message is not MTOM. */
  readonly attachments: AsyncGenerator<Attachment, void, undefined> | undefined;
  /** From now on no more than so many bytes are taken, unpacked. Throws a `SoapFailure` where there are more already. */
  narrow(limit: number): void;
}

/** A MIME part that the envelope may refer to. */
export interface Attachment {
  /** As in `cid:` references, decoded, without brackets. */
  readonly id: string;
  readonly body: AsyncIterable<Buffer>;
}

const tooLarge = (limit: number) => new SoapFailure('too-large', `The message has more than ${limit} bytes.`);

/** How many bytes may come, and how many have. */
interface Bound {
  limit: number;
  taken: number;
}

const judgeBound = ({ limit, taken }: Bound): void => {
  if (taken > limit) throw tooLarge(limit);
};

/** `source`, as long as it keeps the bound; more throws a `SoapFailure`. */
async function* bounded(source: AsyncIterable<Buffer>, bound: Bound): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of source) {
    bound.taken += chunk.length;
    judgeBound(bound);
    yield chunk;
  }
}

/** The body of `exchange`, up to `limit` bytes; a `SoapFailure` says that there are more, before any is read if it can. */
export const boundedBody = (exchange: Exchange, limit: number): AsyncIterable<Buffer> => {
  if ((exchange.length ?? 0) > limit) throw tooLarge(limit);
  return bounded(exchange.body(), { limit, taken: 0 });
};

/** Some call raw deflate data `deflate`, as others do with zlib's: the first byte tells. */
async function* inflated(
  source: AsyncIterable<Buffer>,
  done: AbortSignal | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return;
  const whole = async function* () {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => iterator };
  };
  const zlib = ((first.value[0] ?? 0) & 0x0f) === 8;
  yield* unpacked(whole(), zlib ? createInflate() : createInflateRaw(), done);
}

async function* unpacked(
  source: AsyncIterable<Buffer>,
  unpack: ReturnType<typeof createInflate> | ReturnType<typeof createBrotliDecompress>,
  done: AbortSignal | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  let broken: unknown;
  const watched = async function* () {
    try {
      yield* source;
    } catch (error) {
      broken = error;
      throw error;
    }
  };
  // Its failure comes out of `unpack` as well, and there it is told.
  pipeline(watched(), unpack, done ? { signal: done } : {}).catch(() => undefined);
  try {
    yield* unpack;
  } catch (error) {
    throw broken ?? new SoapFailure('malformed-xml', 'The compressed body is broken.', { cause: error });
  }
}

const decompressed = (
  source: AsyncIterable<Buffer>,
  coding: string,
  done: AbortSignal | undefined,
): AsyncIterable<Buffer> => {
  switch (coding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return source;
    case 'gzip':
    case 'x-gzip':
      return unpacked(source, createGunzip(), done);
    case 'deflate':
      return inflated(source, done);
    case 'br':
      return unpacked(source, createBrotliDecompress(), done);
    default:
      throw new SoapFailure('unsupported-media', `The content coding ${JSON.stringify(coding)} is not known.`);
  }
};

const attachment = ({ headers, body }: MimePart): Attachment => ({
  id: headers['content-id']?.replace(/^<|>$/g, '') ?? '',
  body,
});

async function* attachments(parts: AsyncIterator<MimePart>): AsyncGenerator<Attachment, void, undefined> {
  for (let next = await parts.next(); !next.done; next = await parts.next()) yield attachment(next.value);
}

const envelopeTypes = new Set(['text/xml', 'application/xml', 'application/soap+xml', 'application/xop+xml', '']);

/** The action that a request names: in its header field, or in the `parameter` of its content type. */
const actionOf = (exchange: Exchange, parameter: string | undefined): string | undefined => {
  const field = exchange.headers.soapaction;
  const said = (Array.isArray(field) ? field[0] : field) ?? parameter ?? '';
  const action = said.trim().replace(/^"(.*)"$/, '$1');
  return action === '' || action === '*' ? undefined : action;
};

/** The action that a request names; undefined when it names none or nothing of use. */
export const soapAction = (exchange: Exchange): string | undefined =>
  actionOf(exchange, parseMediaType(exchange.headers['content-type'] ?? '').parameters.action);

/**
 * Opens the message of a POST: unpacks it, bounds it, and finds the envelope in an MTOM body. `limit`: bytes, as sent
 * and unpacked. `done` aborts when the call has been answered, however much of it was read. Throws a `SoapFailure` or `MimeError`, before any byte is read if it can.
 */
export const openMessage = async (
  exchange: Exchange,
  limit: number,
  done: AbortSignal | undefined,
): Promise<Message> => {
  const outer = parseMediaType(exchange.headers['content-type'] ?? '');
  const multipart = outer.type === 'multipart/related';
  if (!multipart && !envelopeTypes.has(outer.type))
    throw new SoapFailure('unsupported-media', `The content type ${JSON.stringify(outer.type)} is not SOAP's.`);
  const coding = exchange.headers['content-encoding'] ?? '';
  const bound = { limit, taken: 0 };
  const source = bounded(decompressed(boundedBody(exchange, limit), coding, done), bound);
  const narrow = (most: number): void => {
    bound.limit = Math.min(bound.limit, most);
    judgeBound(bound);
    if (coding === '') judgeBound({ ...bound, taken: exchange.length ?? 0 });
  };
  if (!multipart)
    return {
      envelope: source,
      charset: outer.parameters.charset,
      action: actionOf(exchange, outer.parameters.action),
      version: outer.type === 'application/soap+xml' ? '1.2' : '1.1',
      attachments: undefined,
      narrow,
    };
  const parts = mimeParts(source, outer.parameters.boundary ?? '');
  const root = await parts.next();
  if (root.done) throw new MimeError('there is no part');
  const { id, body } = attachment(root.value);
  const start = outer.parameters.start?.replace(/^<|>$/g, '');
  if (start !== undefined && start !== id) throw new MimeError('the part with the envelope is not the first');
  const inner = parseMediaType(root.value.headers['content-type'] ?? '');
  if (!envelopeTypes.has(inner.type))
    throw new SoapFailure('unsupported-media', `The content type ${JSON.stringify(inner.type)} is not SOAP's.`);
  const kind = outer.parameters['start-info'] ?? inner.parameters.type ?? '';
  return {
    envelope: body,
    charset: inner.parameters.charset,
    action: actionOf(exchange, inner.parameters.action ?? outer.parameters.action),
    version: /soap\+xml/i.test(kind) ? '1.2' : '1.1',
    attachments: attachments(parts),
    narrow,
  };
};
