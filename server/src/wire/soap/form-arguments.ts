import { type Base64Options, decodeBase64 } from '../base64/decode.js';
import { FormError, type FormField } from '../fields/field.js';
import type { XmlElement } from '../xml/tree.js';
import { handOver, matcher, type Receive } from './arguments.js';
import { SoapFailure } from './fault.js';
import { readMembers } from './objects.js';
import type { Members, Reading } from './types.js';
import { BadValue, isStreamed } from './types.js';

/** How a form's fields become parameters. */
export interface FormSpec {
  readonly params: Members;
  readonly reading: Reading;
  /** Bytes of one value that is not streamed. */
  readonly limit: number;
  readonly base64: Base64Options;
  /** Must every parameter be there? */
  readonly complete: boolean;
  readonly receive: Receive;
}

/** Gathers a value; undefined when it has more than `limit` bytes. What was taken by then is given back in `head`. */
const gather = async (source: AsyncIterator<Buffer>, limit: number): Promise<{ head: Buffer; whole: boolean }> => {
  const runs: Buffer[] = [];
  let length = 0;
  for (let next = await source.next(); !next.done; next = await source.next()) {
    runs.push(next.value);
    length += next.value.length;
    if (length > limit) return { head: Buffer.concat(runs), whole: false };
  }
  return { head: Buffer.concat(runs), whole: true };
};

async function* behind(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** A byte as ASP.NET's forms have it: its value in decimal. */
const asByte = (text: string): number | undefined =>
  /^\d{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : undefined;

const BATCH = 16 * 1024;

const dotNet: Readonly<Record<string, string>> = {
  boolean: 'Boolean',
  short: 'Int16',
  int: 'Int32',
  long: 'Int64',
  decimal: 'Decimal',
  double: 'Double',
  float: 'Single',
  dateTime: 'DateTime',
};

/** A value that cannot be read, in the words of ASP.NET where it has words for it. */
const inItsWords = (error: BadValue, sent: readonly XmlElement[], params: Members): Error => {
  const shape = params[error.path[0] ?? '']?.shape;
  const type = shape?.kind === 'simple' ? dotNet[shape.xsd] : undefined;
  const value = sent.find(({ local }) => local === error.path[0])?.text.slice(0, 40);
  if (type === undefined || value === undefined) return error;
  const message = `Cannot convert ${value} to System.${type}.\r\nParameter name: type ---> ${error.message}.`;
  return new SoapFailure('bad-argument', message, { cause: error });
};

/** A parameter, and which fields are called by its name. */
interface Named {
  readonly name: string;
  is(sent: string): boolean;
}

/** Reads an operation's parameters from a form, in the order in which they come. The first of a name counts. */
export const readForm = async (fields: AsyncIterator<FormField>, spec: FormSpec): Promise<Record<string, unknown>> => {
  const names: readonly Named[] = Object.entries(spec.params).map(([name, { aka }]) => ({
    name,
    is: matcher(name, aka, spec.reading),
  }));
  const plain = Object.fromEntries(Object.entries(spec.params).filter(([name]) => !isStreamed(spec.params, name)));
  const children: XmlElement[] = [];
  const sent = new Set<string>();
  const received: Record<string, unknown> = {};

  const values = (all: boolean) => {
    const wanted = Object.entries(plain).filter(([name]) => all || sent.has(name));
    const element = { local: '', namespace: '', attributes: [], children, text: '' };
    try {
      return readMembers(Object.fromEntries(wanted), element, spec.reading);
    } catch (error) {
      throw error instanceof BadValue ? inItsWords(error, children, plain) : error;
    }
  };

  let next = await fields.next();

  /** The bytes of this field and of those of its name that follow, one byte in each. */
  async function* decimals({ name, is }: Named, first: number): AsyncGenerator<Buffer, void, undefined> {
    let batch = [first];
    for (next = await fields.next(); !next.done && is(next.value.name); next = await fields.next()) {
      const { head, whole } = await gather(next.value.value('base64'), 3);
      const byte = whole ? asByte(head.toString('latin1')) : undefined;
      if (byte === undefined) throw new FormError(`${name} has a value that is not a byte`);
      batch.push(byte);
      if (batch.length < BATCH) continue;
      yield Buffer.from(batch);
      batch = [];
    }
    if (batch.length > 0) yield Buffer.from(batch);
  }

  /** Takes a streamed field; says whether the field behind it has been asked for already. */
  const stream = async (field: FormField, param: Named): Promise<boolean> => {
    const { name } = param;
    const value = field.value('base64');
    const { head, whole } = await gather(value, 3);
    if (whole && head.length === 0) return false;
    const byte = whole && !field.file ? asByte(head.toString('latin1')) : undefined;
    const text = behind(head, value);
    const source = byte !== undefined ? decimals(param, byte) : field.file ? text : decodeBase64(text, spec.base64);
    received[name] = await handOver(source, (bytes) => spec.receive(values(false), bytes, name));
    if (byte !== undefined) for await (const _ of source);
    return byte !== undefined;
  };

  const take = async (field: FormField): Promise<boolean> => {
    const param = names.find(({ is }) => is(field.name));
    if (param === undefined || sent.has(param.name)) return false;
    const { name } = param;
    sent.add(name);
    if (isStreamed(spec.params, name)) return stream(field, param);
    const { head, whole } = await gather(field.value('text'), spec.limit);
    if (!whole) throw new FormError(`${name} has more than ${spec.limit} bytes`);
    children.push({ local: name, namespace: '', attributes: [], children: [], text: head.toString() });
    return false;
  };

  while (!next.done) if (!(await take(next.value))) next = await fields.next();
  const missing = spec.complete ? names.find(({ name }) => !sent.has(name)) : undefined;
  if (missing) throw new SoapFailure('bad-argument', `Missing parameter: ${missing.name}.`);
  return { ...values(true), ...received };
};
