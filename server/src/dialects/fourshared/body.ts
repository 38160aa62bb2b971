import type { Exchange } from '../../http/exchange.js';
import { formFields } from '../../wire/fields/form.js';
import { Rejected } from './uploads/answers.js';

/** Bytes of a small body, all of it. */
const longest = 65_536;

const gather = async (source: AsyncIterable<Buffer>, before = 0): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  let length = before;
  for await (const piece of source) {
    length += piece.length;
    if (length > longest) throw new Rejected(413, 'The request is too long.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
};

/** A list of folders' ids, as the site sends it: `[1,2]`. */
const idsIn = (text: string): string => {
  const listed = /^\s*\[\s*(-?\d+(?:\s*,\s*-?\d+)*)?\s*\]\s*$/.exec(text);
  return listed?.[1]?.replaceAll(/\s/g, '') ?? '';
};

/** The parameters of a form in a request's body; a JSON list is `dirId`. The first of a name counts. Refuses what is too long. */
export const bodyOf = async (exchange: Exchange): Promise<Record<string, string>> => {
  const said = new Map<string, string>();
  const fields = formFields(exchange.headers['content-type'], exchange.body());
  if (!fields) return { dirId: idsIn((await gather(exchange.body())).toString()) };
  let length = 0;
  for await (const field of fields) {
    const value = await gather(field.value('text'), length);
    length += value.length;
    if (!said.has(field.name)) said.set(field.name, value.toString());
  }
  return Object.fromEntries(said);
};

/** The parameters of a request's query, and then those of its body. */
export const queryOf = async (exchange: Exchange): Promise<Record<string, string>> => ({
  ...(exchange.method === 'GET' ? {} : await bodyOf(exchange)),
  ...Object.fromEntries([...exchange.query].reverse()),
});
