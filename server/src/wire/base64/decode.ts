/** What was sent as base64 is not. */
export class BadBase64 extends Error {
  override readonly name = 'BadBase64';
}

/** Decodes base64 (RFC 4648 §4) that comes in runs, cut anywhere. */
export interface Base64Decoder {
  /** The bytes of the groups that are complete by now; may be none. Throws `BadBase64`. */
  write(run: Buffer): Buffer;
  /** The bytes of the last group. Throws `BadBase64` when a group is incomplete. */
  end(): Buffer;
}

export interface Base64Options {
  /** Must the last group be filled up with `=`? (ASP.NET and others take it without.) */
  readonly padding?: 'required' | 'optional';
}

const none = Buffer.alloc(0);
const PAD = 0x3d;
/** Characters in whole groups that become one string. */
const stringSize = 8192;

/** 1 for the white space that may stand between characters: tab, line feed, carriage return, blank. */
const blank = new Uint8Array(256);
for (const code of [0x09, 0x0a, 0x0d, 0x20]) blank[code] = 1;

const countBlanks = (run: Buffer, from: number): number => {
  let count = 0;
  for (let at = from; at < run.length; at += 1) count += blank[run[at] ?? 0] ?? 0;
  return count;
};

/** Makes a decoder. Only the alphabet with `+` and `/` is taken, white space anywhere, nothing after the padding. */
export const base64Decoder = ({ padding = 'required' }: Base64Options = {}): Base64Decoder => {
  /** The first characters of a group that is not complete: 0 to 3 of them. */
  let carry = '';
  let pads = 0;
  let broken = false;

  const refuse = (what: string): never => {
    throw new BadBase64(what);
  };

  /**
   * Decodes `run` from `from` to `to`, behind the complete group `carry`. Node's decoder is fast and skips whatever it
   * does not know; `expected` bytes come out only when it had nothing to skip but the blanks that were counted.
   */
  const decode = (run: Buffer, from: number, to: number, expected: number): Buffer | undefined => {
    const lead = carry === '' ? 0 : 3;
    const out = Buffer.allocUnsafe(lead + expected);
    if (lead > 0 && out.write(carry, 'base64') !== 3) return undefined;
    if (expected * 4 !== (to - from) * 3)
      return out.write(run.toString('latin1', from, to), lead, 'base64') === expected ? out : undefined;
    // Node decodes strings alone; small ones are gone again before the garbage collector has moved them twice.
    let at = lead;
    for (let begin = from; begin < to; begin += stringSize)
      at += out.write(run.toString('latin1', begin, Math.min(to, begin + stringSize)), at, 'base64');
    return at === lead + expected ? out : undefined;
  };

  const significant = (run: Buffer, from: number, to: number) =>
    run.toString('latin1', from, to).replace(/[\t\n\r ]+/g, '');

  const body = (run: Buffer): Buffer => {
    let from = 0;
    for (; carry !== '' && carry.length < 4 && from < run.length; from += 1) carry += significant(run, from, from + 1);
    if (carry !== '' && carry.length < 4) return none;
    if (!broken) {
      const to = run.length - ((run.length - from) % 4);
      const out = decode(run, from, to, ((to - from) / 4) * 3);
      if (out) {
        carry = significant(run, to, run.length);
        return out;
      }
      broken = true;
    }
    const count = run.length - from - countBlanks(run, from);
    let to = run.length;
    for (let left = count % 4; left > 0; left -= blank[run[to] ?? 0] === 1 ? 0 : 1) to -= 1;
    const out = decode(run, from, to, ((count - (count % 4)) / 4) * 3) ?? refuse('has a character that is not base64');
    carry = significant(run, to, run.length);
    return out;
  };

  const tail = (run: Buffer): void => {
    for (const code of run) {
      if (code === PAD) pads += 1;
      else if (blank[code] !== 1) refuse('goes on after its padding');
    }
    if (pads > 2) refuse('has too much padding');
  };

  return {
    write: (run) => {
      // Node's decoder also takes the alphabet of URLs.
      if (run.includes(0x2d) || run.includes(0x5f)) refuse('has a character that is not base64');
      if (pads > 0) {
        tail(run);
        return none;
      }
      const pad = run.indexOf(PAD);
      if (pad < 0) return body(run);
      const out = body(run.subarray(0, pad));
      tail(run.subarray(pad));
      return out;
    },
    end: () => {
      const needed = (4 - (carry.length % 4)) % 4;
      if (needed === 3 || (pads !== needed && (pads > 0 || padding === 'required')))
        refuse('is cut short or wrongly padded');
      const out = Buffer.from(carry, 'base64');
      return out.length === Math.floor((carry.length * 3) / 4) ? out : refuse('has a character that is not base64');
    },
  };
};

/** Decodes base64 as it arrives. Throws `BadBase64` where it turns out not to be; bytes before it have been given by then. */
export async function* decodeBase64(
  source: AsyncIterable<Buffer>,
  options?: Base64Options,
): AsyncGenerator<Buffer, void, undefined> {
  const decoder = base64Decoder(options);
  for await (const run of source) {
    const out = decoder.write(run);
    if (out.length > 0) yield out;
  }
  const rest = decoder.end();
  if (rest.length > 0) yield rest;
}
