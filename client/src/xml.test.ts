import { expect, test } from 'vitest';
import { escapeXml, find, readXml, textOf } from './xml.js';

test('names lose their prefix, text its entities, and nil is null', () => {
  const tree = readXml(
    '<?xml version="1.0"?><s:a xmlns:s="u>v" t=\'"\'><!-- <b>no</b> --><s:b>1 &lt; 2 &#x26; &#51;</s:b><c i:nil="true"/><d><![CDATA[<x>]]></d></s:a>',
  );
  const a = find(tree, 'a');
  expect(textOf(a, 'b')).toBe('1 < 2 & 3');
  expect(textOf(a, 'c')).toBeNull();
  expect(textOf(a, 'd')).toBe('<x>');
  expect(textOf(a, 'missing')).toBeNull();
});

test('the outermost element of a name is found first', () => {
  const tree = readXml('<r><x><id>inner</id></x><id>outer</id></r>');
  expect(find(find(tree, 'r') ?? tree, 'id')?.text).toBe('outer');
});

test('nonsense and malice are read to their end in a moment', () => {
  const bad = ['<', '<!--', '<![CDATA[', '<a "', "<a '", '</a>', '<a>', '&#x110000;', '&amp', '<a b="<a b="'];
  for (const each of bad) expect(readXml(each.repeat(100_000)).name).toBe('');
});

test('escaped text is content, without what XML has no place for', () => {
  expect(escapeXml('a<b>&"c"\u0000\u{1f600}\ud800')).toBe('a&lt;b&gt;&amp;&quot;c&quot;\u{1f600}');
});
