import { XmlError } from './errors.js';
import type { XmlEvent } from './parser.js';
import type { XmlReader } from './reader.js';
import type { XmlAttribute, XmlElement } from './tree.js';

interface Growing {
  local: string;
  namespace: string;
  attributes: readonly XmlAttribute[];
  children: Growing[];
  text: string;
}

type Open = Extract<XmlEvent, { type: 'open' }>;

const begin = ({ local, namespace, attributes }: Open): Growing => ({
  local,
  namespace,
  attributes,
  children: [],
  text: '',
});

const weigh = ({ local, attributes }: Open) =>
  attributes.reduce((sum, each) => sum + each.local.length + each.value.length, local.length);

/**
 * Reads the element that has just opened, to its end, as a tree. More than `limit` characters of names, values and text
 * in it throw an `XmlError` of kind `too-large`.
 */
export const readElement = async (reader: XmlReader, opened: Open, limit: number): Promise<XmlElement> => {
  const root = begin(opened);
  const path = [root];
  let weight = weigh(opened);
  for (let event = await reader.next(); event; event = await reader.next()) {
    const current = path.at(-1);
    if (event.type === 'close') {
      path.pop();
      if (path.length === 0) return root;
    } else if (event.type === 'text') {
      weight += event.text.length;
      if (current) current.text += event.text;
    } else {
      weight += weigh(event);
      const child = begin(event);
      current?.children.push(child);
      path.push(child);
    }
    if (weight > limit) throw new XmlError('too-large', `${root.local} has more than ${limit} characters`);
  }
  throw new XmlError('malformed', 'ends inside an element');
};

/** Reads past the element that has just opened. */
export const skipElement = async (reader: XmlReader): Promise<void> => {
  let depth = 1;
  while (depth > 0) {
    const event = await reader.next();
    if (event === undefined) throw new XmlError('malformed', 'ends inside an element');
    if (event.type === 'open') depth += 1;
    if (event.type === 'close') depth -= 1;
  }
};
