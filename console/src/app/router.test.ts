import { expect, test } from 'vitest';
import { href, toRoute } from './router.js';

test.each([
  ['', '', []],
  ['#/', '', []],
  ['#/live', 'live', []],
  ['#/live/', 'live', []],
  ['#/files/folder/12', 'files', ['folder', '12']],
  ['#/live/a%2Fb', 'live', ['a/b']],
  // Broken by hand, or by a program that sent it on.
  ['#/live/%E0%A4%A', 'live', ['%E0%A4%A']],
])('%s is the screen "%s"', (hash, screen, rest) => {
  expect(toRoute(hash)).toEqual({ screen, rest });
});

test('an address leads back to its route, whatever is in it', () => {
  expect(toRoute(href('live', 'Acme/signage ü#?', 7))).toEqual({ screen: 'live', rest: ['Acme/signage ü#?', '7'] });
});
