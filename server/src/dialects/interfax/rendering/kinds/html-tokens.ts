/** A tag; of a closing one, the attributes say nothing. */
export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** A piece of HTML: a tag, or text between tags with its character references resolved. */
export type Token =
  | (Tag & { readonly kind: 'open' })
  | (Tag & { readonly kind: 'close' })
  | { readonly kind: 'text'; readonly text: string };

/** Characters of Latin-1 from 160 on, in order, by their names. */
const latin1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para ' +
  'middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave ' +
  'Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc ' +
  'Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc ' +
  'iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

const named: ReadonlyMap<string, string> = new Map([
  ...latin1.split(' ').map((name, i) => [name, String.fromCharCode(160 + i)] as const),
  ...Object.entries({
    ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", euro: '€', ndash: '–', mdash: '—', hellip: '…', bull: '•' },
    ...{ lsquo: '‘', rsquo: '’', sbquo: '‚', ldquo: '“', rdquo: '”', bdquo: '„', lsaquo: '‹', rsaquo: '›', trade: '™' },
    ...{
      dagger: '†',
      Dagger: '‡',
      permil: '‰',
      ensp: '\u2002',
      emsp: '\u2003',
      thinsp: '\u2009',
      larr: '←',
      rarr: '→',
    },
    ...{ OElig: 'Œ', oelig: 'œ', Scaron: 'Š', scaron: 'š', Yuml: 'Ÿ', minus: '−', le: '≤', ge: '≥', ne: '≠' },
  }),
]);

const fromCode = (code: number): string =>
  code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '\ufffd';

const resolved = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]{1,20})|#(\d{1,20})|([a-z][a-z0-9]*));?/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return fromCode(Number.parseInt(String(hex), 16));
    if (decimal !== undefined) return fromCode(Number(decimal));
    return named.get(String(name)) ?? whole;
  });

/** Elements whose content is no text to be read. */
const unread = /^(?:script|style|template|iframe|object|noscript|svg|math|select|textarea)$/;

const attributePattern = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

const attributesOf = (text: string): Map<string, string> => {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single, bare] of text.matchAll(attributePattern))
    attributes.set(name.toLowerCase(), resolved(double ?? single ?? bare ?? ''));
  return attributes;
};

/**
 * Cuts HTML into tags and text, as leniently as browsers do. Comments, declarations, scripts and styles are left out. Takes time
 * in proportion to the text, whatever it is.
 */
export function* tokensOf(html: string): Generator<Token> {
  let at = 0;
  /** Where the next `>` is; looked for once, and not from every `<`. */
  let close = -1;
  while (at < html.length) {
    const less = html.indexOf('<', at);
    const end = less < 0 ? html.length : less;
    if (end > at) yield { kind: 'text', text: resolved(html.slice(at, end)) };
    if (less < 0) return;
    if (html.startsWith('<!--', less)) {
      const ending = html.indexOf('-->', less + 4);
      at = ending < 0 ? html.length : ending + 3;
      continue;
    }
    if (close < less) close = html.indexOf('>', less);
    if (close < 0) close = html.length;
    const inside = html.slice(less + 1, close);
    at = close + 1;
    const tag = /^(\/?)([a-z][a-z0-9:-]*)/i.exec(inside);
    if (!tag) {
      // `<!DOCTYPE>` and `<?xml?>` say nothing; any other `<` is text.
      if (!/^[!?/]/.test(inside)) {
        yield { kind: 'text', text: '<' };
        at = less + 1;
      }
      continue;
    }
    const name = (tag[2] ?? '').toLowerCase();
    if (tag[1] === '/') yield { kind: 'close', name, attributes: new Map() };
    else {
      yield { kind: 'open', name, attributes: attributesOf(inside.slice(tag[0].length)) };
      if (unread.test(name) && !inside.endsWith('/')) {
        const ending = new RegExp(`</${name}[\\s>/]`, 'gi');
        ending.lastIndex = at;
        at = ending.exec(html)?.index ?? html.length;
      }
    }
  }
}
