import { SaxesParser } from 'saxes';

/** An element as a namespace-aware reader sees it, which is none of the server's own. */
export interface Xml {
  /** The local name. */
  readonly name: string;
  readonly namespace: string;
  /** In the order in which they stand there; namespace declarations are none. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Xml[];
  /** The text that is directly in it. */
  readonly text: string;
}

/** Reads a document; throws where it is not well-formed. */
export const readXml = (document: string): Xml => {
  const top = { children: [] as Xml[], text: '' };
  const open = [top];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('opentag', ({ local, uri, attributes }) => {
    const own = Object.values(attributes).filter(({ prefix, local: name }) => prefix !== 'xmlns' && name !== 'xmlns');
    const written = Object.fromEntries(own.map(({ name, value }) => [name, value]));
    const begun = { name: local, namespace: uri, attributes: written, children: [] as Xml[], text: '' };
    open.at(-1)?.children.push(begun);
    open.push(begun);
  });
  parser.on('text', (text) => {
    const inside = open.at(-1);
    if (inside) inside.text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(document).close();
  const [root] = top.children;
  if (!root) throw new Error('the document has no element');
  return root;
};

/** The one child of an element. Throws where there is none, or another. */
export const onlyChild = ({ name, children }: Xml): Xml => {
  const [child, ...others] = children;
  if (!child || others.length > 0) throw new Error(`${name} has ${children.length} children`);
  return child;
};

/** The first child of that name. Throws where there is none. */
export const childOf = (parent: Xml, name: string): Xml => {
  const child = parent.children.find((each) => each.name === name);
  if (!child) throw new Error(`${parent.name} has no ${name}`);
  return child;
};
