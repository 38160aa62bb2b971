/** An element of an answer: its name without prefix, its attributes by theirs, its own text, and its children. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
  readonly children: readonly Element[];
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const decode = (text: string): string =>
  text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{1,5}));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return named[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : '';
    },
  );

const special = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' } as const;

/** `text` as element content; characters that XML 1.0 has no place for are left out. */
export const escapeXml = (text: string): string =>
  text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"]/g, (mark) => special[mark as keyof typeof special]);

// One markup item or a run of text. What is not closed reaches to the end of the answer and nothing is tried twice, so
// that matching stays linear whatever a server sends.
const token =
  /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[([\s\S]*?)(?:\]\]>|$)|<[?!][^>]*(?:>|$)|<(\/?)([^\s<>/]+)((?:[^<>"']|"[^"]*(?:"|$)|'[^']*(?:'|$))*)(?:>|$|(?=<))|([^<]+)/g;
const deepest = 32;
const attribute = /([^\s=<>"'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

const readAttributes = (text: string): Map<string, string> =>
  new Map(
    [...text.matchAll(attribute)].map(([, name = '', double, single = '']) => [
      name.slice(name.indexOf(':') + 1),
      decode(double ?? single),
    ]),
  );

/**
 * The tree of a small XML answer, read tolerantly: comments and declarations are passed over, entities
 * other than XML's own stay as they stand, unbalanced tags do no harm, nesting beyond 32 is flattened.
 */
export const readXml = (xml: string): Element => {
  interface Growing extends Element {
    text: string;
    readonly children: Growing[];
  }
  const root: Growing = { name: '', attributes: new Map(), text: '', children: [] };
  const open: Growing[] = [root];
  for (const [, cdata, slash, tag, rest = '', text] of xml.matchAll(token)) {
    const top = open.at(-1) ?? root;
    if (cdata !== undefined) top.text += cdata;
    else if (text !== undefined) top.text += decode(text);
    else if (tag !== undefined) {
      const name = tag.slice(tag.indexOf(':') + 1);
      if (slash === '/') {
        const at = open.findLastIndex((element) => element.name === name);
        if (at > 0) open.length = at;
      } else {
        const element: Growing = { name, attributes: readAttributes(rest), text: '', children: [] };
        top.children.push(element);
        if (!rest.endsWith('/') && open.length < deepest) open.push(element);
      }
    }
  }
  return root;
};

/** The first element of that name within `element`, outermost first. */
export const find = (element: Element, name: string): Element | undefined =>
  element.children.find((child) => child.name === name) ??
  element.children.map((child) => find(child, name)).find((found) => found !== undefined);

/** The text of the child of that name, or null where it is absent or empty, as nil elements are. */
export const textOf = (element: Element | undefined, name: string): string | null => {
  const text = element?.children.find((child) => child.name === name)?.text.trim() ?? '';
  return text === '' ? null : text;
};
