import { type Base64Options, decodeBase64 } from '../base64/decode.js';
import { readElement, skipElement } from '../xml/build.js';
import type { XmlReader } from '../xml/reader.js';
import { isNil, type XmlElement } from '../xml/tree.js';
import { filledIn, referenceOf, referencesIn, toBase64 } from './attached.js';
import type { Open } from './envelope.js';
import { SoapFailure } from './fault.js';
import type { Message } from './message.js';
import { readMembers } from './objects.js';
import type { Members, Reading } from './types.js';
import { isStreamed, within } from './types.js';

/** Takes a streamed parameter's bytes; `sofar` are the parameters read before it. */
export type Receive = (
  sofar: Readonly<Record<string, unknown>>,
  source: AsyncIterable<Buffer>,
  param: string,
) => Promise<unknown>;

export interface ArgumentsSpec {
  readonly params: Members;
  /** The parameter whose members may stand directly in the operation's element. */
  readonly flat: string | undefined;
  readonly reading: Reading;
  /** Characters of one parameter that is not streamed. */
  readonly limit: number;
  readonly base64: Base64Options;
  readonly receive: Receive;
  /** May this child of the operation's element be a parameter? What is none is skipped. */
  isParameter(element: Open): boolean;
  /** Told of each parameter that is not streamed, when it has been read. */
  seen(element: XmlElement): void;
}

/** Names to look for, with regard to case or without. */
export const matcher = (name: string, aka: readonly string[], { ignoreCase }: Reading) => {
  const names = [name, ...aka];
  return (local: string) =>
    names.some((each) => (ignoreCase ? each.toLowerCase() === local.toLowerCase() : each === local));
};

/**
 * Hands `source` to `take`. An error of the source itself wins over whatever `take` makes of it, so that bytes that
 * were cut or are no base64 are always told as that.
 */
export const handOver = async (
  source: AsyncIterable<Buffer>,
  take: (source: AsyncIterable<Buffer>) => Promise<unknown>,
): Promise<unknown> => {
  let broken: { readonly error: unknown } | undefined;
  const watched = async function* () {
    try {
      yield* source;
    } catch (error) {
      broken = { error };
      throw error;
    }
  };
  const outcome = await take(watched()).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (broken) throw broken.error;
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
};

/** An iterable that goes on with `iterator` behind its first value. */
async function* resume<T>(first: T, iterator: AsyncIterator<T>): AsyncGenerator<T, void, undefined> {
  yield first;
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
}

/** Reads the parameters of the operation whose element `wrapper` has just opened, to its end. */
export const readArguments = async (reader: XmlReader, wrapper: Open, message: Message, spec: ArgumentsSpec) => {
  const { params, reading } = spec;
  const children: XmlElement[] = [];
  const received: Record<string, unknown> = {};
  /** Which parameter's bytes come in which attachment. */
  const awaited = new Map<string, string>();
  const streamed = Object.keys(params)
    .filter((name) => isStreamed(params, name))
    .map((name) => ({ name, matches: matcher(name, params[name]?.aka ?? [], reading) }));
  const plain = Object.fromEntries(Object.entries(params).filter(([name]) => !isStreamed(params, name)));

  /** The values of those among `wanted` that were sent; or of all of them. */
  const values = (all: boolean): Record<string, unknown> => {
    const element: XmlElement = { ...wrapper, children, text: '' };
    const present = Object.entries(plain).filter(
      ([name, type]) => all || children.some((child) => matcher(name, type.aka, reading)(child.local)),
    );
    const flat = spec.flat === undefined ? undefined : plain[spec.flat];
    const named =
      spec.flat !== undefined && children.some((child) => matcher(spec.flat ?? '', [], reading)(child.local));
    if (!flat || spec.flat === undefined || named || !all || children.length === 0)
      return readMembers(Object.fromEntries(present), element, reading);
    const rest = present.filter(([name]) => name !== spec.flat);
    return {
      ...readMembers(Object.fromEntries(rest), element, reading),
      [spec.flat]: within(spec.flat, () => flat.read(element, reading)),
    };
  };

  /** Where the attachment of an `xop:Include` is to be found. */
  const reference = (element: XmlElement, name: string): string => {
    const id = message.attachments && referenceOf(element);
    if (id === undefined) throw new SoapFailure('bad-argument', `${name} has an element in it that is not understood.`);
    return id;
  };

  const readStreamed = async (name: string): Promise<void> => {
    const decoded = decodeBase64(reader.rawText(), spec.base64);
    const first = await decoded.next();
    if (!first.done)
      received[name] = await handOver(resume(first.value, decoded), (source) =>
        spec.receive(values(false), source, name),
      );
    for (let event = await reader.next(); event?.type !== 'close'; event = await reader.next()) {
      if (event?.type !== 'open') continue;
      const id = reference(await readElement(reader, event, spec.limit), name);
      if (!first.done || awaited.has(id)) throw new SoapFailure('bad-argument', `${name} has bytes twice.`);
      awaited.set(id, name);
    }
  };

  for (let event = await reader.next(); event?.type !== 'close'; event = await reader.next()) {
    if (event?.type !== 'open') continue;
    const { local } = event;
    const stream = streamed.find(({ matches }) => matches(local));
    if (!spec.isParameter(event)) await skipElement(reader);
    else if (stream === undefined) {
      const element = await readElement(reader, event, spec.limit);
      children.push(element);
      spec.seen(element);
    } else if (stream.name in received || isNil({ ...event, children: [], text: '' })) await skipElement(reader);
    else await readStreamed(stream.name);
  }

  /** Takes the attachments of small parameters, and streams those of the others; those that nothing refers to are passed over. */
  const takeAttachments = async (small: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> => {
    const read = values(true);
    const base64 = new Map<string, string>();
    let left = spec.limit;
    if (awaited.size + small.size === 0) return base64;
    for await (const { id, body } of message.attachments ?? []) {
      const name = awaited.get(id);
      if (name !== undefined) {
        awaited.delete(id);
        received[name] = await handOver(body, (source) => spec.receive(read, source, name));
      } else if (small.has(id)) {
        const text = await toBase64(body, left);
        left -= text.length;
        base64.set(id, text);
      }
      if (awaited.size === 0 && base64.size === small.size) break;
    }
    return base64;
  };

  /** To be called when the envelope has ended: takes in the attachments, and gives all values. */
  return async (): Promise<Record<string, unknown>> => {
    const small = new Set(message.attachments ? referencesIn(children) : []);
    const base64 = await takeAttachments(small);
    for (const [id, name] of awaited)
      throw new SoapFailure('bad-argument', `${name} refers to a part ${id} that is not there.`);
    for (const id of small)
      if (!base64.has(id))
        throw new SoapFailure('bad-argument', `There is no part ${id}, to which a parameter refers.`);
    if (small.size > 0) children.splice(0, children.length, ...filledIn(children, base64));
    return { ...values(true), ...received };
  };
};
