import { BodyCut } from '../../http/exchange.js';
import { decodeBase64 } from '../base64/decode.js';
import { type Cursor, cursor } from '../cursor.js';
import { MimeError } from './errors.js';

/** One part of a multipart body. */
export interface MimePart {
  /** By lower-case name. Of a field that comes twice the first counts. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /**
   * The part's bytes, once; sent in base64 (`Content-Transfer-Encoding`) they are decoded. What is left unread when the
   * next part is asked for is skipped. Throws when it is cut.
   */
  readonly body: AsyncGenerator<Buffer, void, undefined>;
  /** How many bytes of the whole body lie before the part's. */
  readonly before: number;
}

export interface MimeLimits {
  /** Bytes of all of one part's header fields. */
  readonly headers: number;
  /** Parts, counted. */
  readonly parts: number;
}

export const defaultMimeLimits: MimeLimits = { headers: 8192, parts: 64 };

const LINE = Buffer.from('\r\n');
const DASHES = Buffer.from('--');

/** Reads bytes up to `mark` and steps behind it. */
async function* upTo(bytes: Cursor, mark: Buffer): AsyncGenerator<Buffer, void, undefined> {
  for (;;) {
    const { run, found } = bytes.takeUpTo(mark);
    if (run.length > 0) yield run;
    if (found) return;
    if (!(await bytes.more())) throw new BodyCut('the multipart body ends before its closing boundary');
  }
}

const readLine = async (bytes: Cursor, limit: number): Promise<string> => {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const run of upTo(bytes, LINE)) {
    length += run.length;
    if (length > limit) throw new MimeError(`a part has more than ${limit} bytes of header fields`);
    pieces.push(run);
  }
  return Buffer.concat(pieces).toString('latin1');
};

const readHeaders = async (bytes: Cursor, limit: number): Promise<Record<string, string | undefined>> => {
  const headers: Record<string, string | undefined> = Object.create(null);
  let left = limit;
  let last: string | undefined;
  for (let line = await readLine(bytes, left); line !== ''; line = await readLine(bytes, left)) {
    left -= line.length + LINE.length;
    if (/^[ \t]/.test(line) && last !== undefined) headers[last] = `${headers[last]} ${line.trim()}`;
    else {
      const colon = line.indexOf(':');
      if (colon < 1) throw new MimeError('a part has a header field without a name');
      last = line.slice(0, colon).trim().toLowerCase();
      headers[last] ??= line.slice(colon + 1).trim();
    }
  }
  return headers;
};

const transferred = (coding: string, body: MimePart['body']): MimePart['body'] => {
  if (/^base64$/i.test(coding)) return decodeBase64(body);
  if (/^(binary|8bit|7bit)$/i.test(coding)) return body;
  throw new MimeError(`the transfer encoding ${JSON.stringify(coding.slice(0, 40))} is not known`);
};

/**
 * The parts of a multipart body (RFC 2046) one after the other, as they arrive; nothing is gathered but header fields.
 * What stands before the first and behind the closing boundary is skipped. Throws `MimeError` when the boundary is unfit
 * or a part is not as it must be, and `BodyCut` when the body ends before its closing boundary.
 */
export async function* mimeParts(
  source: AsyncIterable<Buffer>,
  boundary: string,
  limits: MimeLimits = defaultMimeLimits,
): AsyncGenerator<MimePart, void, undefined> {
  if (boundary.length < 1 || boundary.length > 70) throw new MimeError('the boundary has not 1 to 70 characters');
  const bytes = cursor(source);
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  // The first boundary may stand at the very beginning, where no line ends before it.
  await bytes.has(delimiter.length - LINE.length);
  if (bytes.starts(delimiter.subarray(LINE.length))) bytes.at += delimiter.length - LINE.length;
  else for await (const _ of upTo(bytes, delimiter));
  for (let count = 1; ; count += 1) {
    if ((await bytes.has(DASHES.length)) && bytes.starts(DASHES)) {
      do bytes.at = bytes.chunk.length;
      while (await bytes.more());
      return;
    }
    if (count > limits.parts) throw new MimeError(`there are more than ${limits.parts} parts`);
    if ((await readLine(bytes, limits.headers)).trim() !== '')
      throw new MimeError('a boundary is not a line of its own');
    const headers = await readHeaders(bytes, limits.headers);
    const before = bytes.passed;
    // The line end of the empty line may be the boundary's (RFC 2046: a part may be header fields alone).
    const bare = delimiter.subarray(LINE.length);
    let ended = (await bytes.has(bare.length)) && bytes.starts(bare);
    if (ended) bytes.at += bare.length;
    const rest = async function* (): AsyncGenerator<Buffer, void, undefined> {
      if (ended) return;
      yield* upTo(bytes, delimiter);
      ended = true;
    };
    yield { headers, body: transferred(headers['content-transfer-encoding'] ?? 'binary', rest()), before };
    if (!ended) for await (const _ of rest());
  }
}
