import { readElement } from '../../../../wire/xml/build.js';
import { XmlError } from '../../../../wire/xml/errors.js';
import { xmlReader } from '../../../../wire/xml/reader.js';
import type { Recipient } from '../../faxes/fax.js';
import { readRecipients } from '../../faxes/numbers.js';

/** A recipient as written. */
interface Destination {
  readonly number: string;
  readonly contact: string;
}

const destination = (members: Iterable<readonly [string, unknown]>): Destination => {
  const said = new Map([...members].map(([name, value]) => [name.toLowerCase(), String(value ?? '')]));
  return { number: said.get('faxnumber') ?? '', contact: said.get('contact') ?? '' };
};

const inJson = (text: string): Destination[] | undefined => {
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return undefined;
    return list.map((each: unknown) => destination(Object.entries(typeof each === 'object' && each ? each : {})));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

async function* once(text: string): AsyncGenerator<Buffer, void, undefined> {
  yield Buffer.from(text);
}

const inXml = async (text: string): Promise<Destination[] | undefined> => {
  try {
    const reader = xmlReader(once(text));
    const opened = await reader.next();
    if (opened?.type !== 'open') return undefined;
    const { children } = await readElement(reader, opened, text.length + 1);
    return children.map((each) =>
      destination(each.children.map((member) => [member.local, member.text.trim()] as const)),
    );
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
};

/**
 * The recipients of a batch: an array of objects with `faxNumber` and `contact` in JSON, or `<ArrayOfDestination>` in XML. Undefined
 * for what is neither, as the names of stored lists are, and where a number is none.
 */
export const readBatchList = async (text: string, country: string): Promise<Recipient[] | undefined> => {
  const destinations = text.trimStart().startsWith('<') ? await inXml(text) : inJson(text);
  const recipients: Recipient[] = [];
  for (const { number, contact } of destinations ?? []) {
    const [recipient, ...others] = readRecipients(number, '', country) ?? [];
    if (!recipient || others.length > 0) return undefined;
    recipients.push({ ...recipient, contact });
  }
  return recipients;
};
