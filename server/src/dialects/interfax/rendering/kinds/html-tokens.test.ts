import { expect, test } from 'vitest';
import { tokensOf } from './html-tokens.js';

const told = (html: string): string[] =>
  [...tokensOf(html)].map((token) => {
    if (token.kind === 'text') return token.text;
    const attributes = [...token.attributes].map(([name, value]) => ` ${name}=${value}`).join('');
    return token.kind === 'open' ? `<${token.name}${attributes}>` : `</${token.name}>`;
  });

test('tags and text, as leniently as browsers do', () => {
  expect(told('<!DOCTYPE html><P Class="a b" id=c hidden>x<br/>y</P >')).toEqual([
    '<p class=a b id=c hidden=>',
    'x',
    '<br>',
    'y',
    '</p>',
  ]);
  expect(told('1 < 2 <3 <b>c')).toEqual(['1 ', '<', ' 2 ', '<', '3 ', '<b>', 'c']);
  expect(told('<b')).toEqual(['<b>']);
});

test('comments, scripts and styles are left out, also where they do not end', () => {
  expect(told('a<!-- <b> -->c<script>if (a < b) "</b>"</script>d<style>p{}</style >e')).toEqual([
    ...['a', 'c', '<script>', '</script>', 'd', '<style>', '</style>', 'e'],
  ]);
  expect(told('a<!-- b')).toEqual(['a']);
  expect(told('a<script>b')).toEqual(['a', '<script>']);
});

test('character references', () => {
  expect(told('&lt;&amp;&gt; &eacute;&Eacute; &#8364;&#x20AC; &nbsp;| &nonsense; & &copy')).toEqual([
    '<&> éÉ €€ \u00a0| &nonsense; & ©',
  ]);
  expect(told('&#xD800;&#0;&#99999999;')).toEqual(['\ufffd\ufffd\ufffd']);
});
