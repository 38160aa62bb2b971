import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readElement } from './build.js';
import { utf8 } from './encoding.js';
import { XmlError } from './errors.js';
import { defaultXmlLimits, type XmlLimits } from './parser.js';
import { xmlReader } from './reader.js';
import type { XmlElement } from './tree.js';
import { element, xmlDocument } from './writer.js';

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

interface Spec {
  readonly size?: number;
  readonly charset?: string;
  readonly limits?: Partial<XmlLimits>;
}

const read = async (document: string | Buffer, { size = 7, charset, limits }: Spec = {}): Promise<XmlElement> => {
  const bytes = Buffer.isBuffer(document) ? document : Buffer.from(document);
  const reader = xmlReader(utf8(pieces(bytes, size), charset), { ...defaultXmlLimits, ...limits });
  const first = await reader.next();
  if (first?.type !== 'open') throw new Error('begins with no element');
  const root = await readElement(reader, first, defaultXmlLimits.markup);
  expect(await reader.next()).toBeUndefined();
  return root;
};

test('names, namespaces, attributes and text', async () => {
  const root = await read(
    `<?xml version='1.0' encoding='UTF-8' standalone='yes'?><!-- c --><a:r xmlns:a="urn:a" xmlns="urn:d" x='1 &amp; 2' a:y="z">
     one &lt;<b/>two<![CDATA[<&>]]>&#x20AC;</a:r>\n`,
  );
  expect(root).toEqual({
    local: 'r',
    namespace: 'urn:a',
    attributes: [
      { local: 'x', namespace: '', value: '1 & 2' },
      { local: 'y', namespace: 'urn:a', value: 'z' },
    ],
    children: [{ local: 'b', namespace: 'urn:d', attributes: [], children: [], text: '' }],
    text: '\n     one <two<&>€',
  });
});

const billion = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');

test.each([
  ['a billion laughs', `<!DOCTYPE a [<!ENTITY l0 "lol">${billion}]><a>&l9;</a>`],
  ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
  ['an external DTD', '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a/>'],
  ['an unknown entity', '<a>&nbsp;</a>'],
  ['a processing instruction', '<a><?php echo 1 ?></a>'],
  ['a style sheet', '<?xml-stylesheet href="x"?><a/>'],
  ['mismatched tags', '<a><b></a></b>'],
  ['an unclosed element', '<a><b></b>'],
  ['text behind the root', '<a/>x'],
  ['two roots', '<a/><b/>'],
  ['nothing', ''],
  ['no XML', 'hello'],
  ['an unbound prefix', '<x:a/>'],
  ['an attribute twice', '<a x="1" x="2"/>'],
  ['a control character', '<a>\u0001</a>'],
  ['a reference to a control character', '<a>&#1;</a>'],
])('refuses %s', async (_, document) => {
  const refused = await read(document).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(XmlError);
  expect(refused).toMatchObject({ kind: 'malformed' });
});

/** Hands out `piece` for ever, and counts. */
const endless = (start: string, piece: string) => {
  const count = { bytes: 0 };
  const source = async function* () {
    yield Buffer.from(start);
    for (;;) {
      count.bytes += piece.length;
      yield Buffer.from(piece);
    }
  };
  return { count, source };
};

test.each([
  ['an attribute', '<a b="', 'x'.repeat(1000)],
  ['a name', '<', 'x'.repeat(1000)],
  ['text', '<a>', 'x '.repeat(500)],
  ['a comment', '<!--', 'x '.repeat(500)],
  ['a DOCTYPE', '<!DOCTYPE a [', '<!ENTITY x "y">'.repeat(50)],
  ['attributes', '<a ', 'x'.repeat(1000)],
  ['CDATA', '<a><![CDATA[', 'x '.repeat(500)],
  ['white space before the root', '', ' '.repeat(1000)],
])('reads no more of endless %s than its bound', async (_, start, piece) => {
  const { count, source } = endless(start, piece);
  const limits = { ...defaultXmlLimits, markup: 100_000 };
  const reader = xmlReader(source(), limits);
  const all = async () => {
    for (let event = await reader.next(); event; event = await reader.next());
  };
  const refused = await all().catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: 'XmlError' });
  expect(count.bytes).toBeLessThan(110_000);
});

test('depth, attributes and tokens are bounded', async () => {
  const deep = (n: number) => '<a>'.repeat(n) + '</a>'.repeat(n);
  const wide = (n: number) => `<a ${Array.from({ length: n }, (_, k) => `b${k}="1"`).join(' ')}/>`;
  await read(deep(64));
  await read(wide(64));
  await expect(read(deep(65))).rejects.toMatchObject({ kind: 'too-large' });
  await expect(read(deep(10_000), { size: 1000 })).rejects.toMatchObject({ kind: 'too-large' });
  await expect(read(wide(65))).rejects.toMatchObject({ kind: 'too-large' });
  await expect(read(`<a b="${'x'.repeat(11)}"/>`, { limits: { token: 10 } })).rejects.toMatchObject({
    kind: 'too-large',
  });
});

test('encodings: UTF-8, UTF-16 and ISO-8859-1 are read, others refused', async () => {
  const document = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><a>zoë €</a>`;
  const utf16 = Buffer.from(`\ufeff${document('utf-16')}`, 'utf16le');
  for (const size of [1, 2, 3, 1000]) {
    expect((await read(Buffer.from(`\ufeff${document('utf-8')}`), { size })).text).toBe('zoë €');
    expect((await read(utf16, { size })).text).toBe('zoë €');
    expect((await read(Buffer.from(utf16).swap16(), { size })).text).toBe('zoë €');
    expect((await read(utf16.subarray(2), { size, charset: 'utf-16' })).text).toBe('zoë €');
    expect(
      (await read(Buffer.from("<?xml version='1.0' encoding='ISO-8859-1'?><a>zoë</a>", 'latin1'), { size })).text,
    ).toBe('zoë');
    expect((await read(Buffer.from('<a>zoë</a>', 'latin1'), { size, charset: 'ISO-8859-1' })).text).toBe('zoë');
    // What HTTP says counts more than the declaration.
    expect((await read(Buffer.from(document('iso-8859-1')), { size, charset: 'utf-8' })).text).toBe('zoë €');
  }
  await expect(read(Buffer.from('<a>zoë</a>', 'latin1'))).rejects.toMatchObject({ kind: 'malformed' });
  await expect(read(document('utf-7'))).rejects.toMatchObject({ kind: 'encoding' });
  await expect(read('<a/>', { charset: 'ebcdic-us' })).rejects.toMatchObject({ kind: 'encoding' });
});

const rawOf = async (document: string, size: number): Promise<{ raw: string; rest: unknown[] }> => {
  const reader = xmlReader(pieces(Buffer.from(document), size));
  await reader.next();
  const runs: Buffer[] = [];
  for await (const run of reader.rawText()) runs.push(run);
  const rest: unknown[] = [];
  for (let event = await reader.next(); event; event = await reader.next())
    rest.push(event.type === 'open' ? event.local : event.type === 'text' ? event.text : '/');
  return { raw: Buffer.concat(runs).toString(), rest };
};

test('raw text: references, comments and CDATA, cut anywhere', async () => {
  const document = '<a>x&#13;&#xA;y<!-- < -- ]]> --> &lt;<![CDATA[&amp;]]]><![CDATA[]]>z<b>in</b>t</a>';
  for (let size = 1; size < document.length; size += 1)
    expect(await rawOf(document, size)).toEqual({ raw: 'x\r\ny <&amp;]z', rest: ['b', 'in', '/', 't', '/'] });
});

test.each([
  '<a>&#13</a>',
  '<a>&x;</a>',
  '<a>&',
  '<a>x',
  '<a><!-- ',
  '<a><![CDATA[x',
  '<a><!DOCTYPE b></a>',
  '<a>x<?p ?></a>',
  '<a>x</b>',
])('raw text that is broken is refused: %s', async (document) => {
  for (const size of [1, 2, 100]) await expect(rawOf(document, size)).rejects.toMatchObject({ kind: 'malformed' });
});

test('raw text that is left unread is skipped', async () => {
  const reader = xmlReader(pieces(Buffer.from('<r><a>one two</a><b>x</b></r>'), 8));
  await reader.next();
  await reader.next();
  for await (const _ of reader.rawText()) break;
  const rest: string[] = [];
  for (let event = await reader.next(); event; event = await reader.next()) rest.push(event.type);
  expect(rest).toEqual(['close', 'open', 'text', 'close', 'close']);
});

test('what is written is read back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), async (value, content) => {
      const root = await read(xmlDocument(element('a', { b: value }, content, element('c'))), { size: 5 });
      const kept = (text: string) =>
        text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
      expect(root).toMatchObject({
        attributes: [{ value: kept(value) }],
        text: kept(content),
        children: [{ local: 'c' }],
      });
    }),
    { numRuns: 200 },
  );
});
