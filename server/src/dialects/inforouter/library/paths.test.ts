import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Problem } from '../problems.js';
import { cleanName, readPath, readPlace, spellings } from './paths.js';

test.each([
  ['/Finance/Reports/Q1.pdf', ['Finance', 'Reports', 'Q1.pdf']],
  ['Finance/Reports/', ['Finance', 'Reports']],
  ['\\Dept\\Sub/x', ['Dept', 'Sub', 'x']],
  ['//a///b', ['a', 'b']],
  [' /a/b c ', ['a', 'b c']],
  ['/a/../b', ['a', '..', 'b']],
  ['/a/~D12', ['a', '~D12']],
  ['', []],
  ['/', []],
])('the path %j has the names %j', (path, names) => {
  expect(readPath(path)).toEqual({ names });
});

test.each([
  ['~D12', 12],
  ['~d1051.pdf', 1051],
  ['/~D7', 7],
  ['~D0', 0],
])('the path %j is the document %d', (path, document) => {
  expect(readPath(path)).toEqual({ document });
});

test.each(['~X12', '~', '~D', '~Dx', '~D12/x', '~D1 2', '~D9999999999999999'])(
  'the path %j is no identifier',
  (path) => {
    expect(() => readPath(path)).toThrow(
      expect.objectContaining({ errorCode: 4000, message: 'InvalidDocumentIdentifer' }),
    );
  },
);

test('a name that is given apart is one name, whatever is in it', () => {
  expect(readPlace({ folder: '/a/b/', name: 'x/y' })).toEqual({ names: ['a', 'b', 'x/y'] });
  expect(() => readPlace({ folder: '~D1', name: 'x' })).toThrow('Folder not found.');
});

test.each([
  ['report.pdf', 'report.pdf'],
  ['a/b\\c:d*e?f"g<h>i|j#k%l&m+n\to', 'a_b_c_d_e_f_g_h_i_j_k_l_m_n_o'],
  ['a..b', 'a.b'],
  ['a....b', 'a.b'],
  ['a  b    c', 'a b c'],
  ['  .hidden. ', 'hidden'],
  ['a\0b\x1fc\ud800d', 'a_b_c_d'],
  ['Größe 日本.txt', 'Größe 日本.txt'],
  ['../../etc/passwd', '_._etc_passwd'],
])('the name %j is kept as %j', (name, kept) => {
  expect(cleanName(name)).toBe(kept);
});

test.each(['', '.', '..', ' . . '])('of the name %j nothing is left', (name) => {
  expect(() => cleanName(name)).toThrow(expect.objectContaining({ errorCode: 4000 }));
  expect(spellings(name)).toEqual([name]);
});

test('a name that is too long is cut, with a hash before the ending', () => {
  const one = cleanName(`${'x'.repeat(200)}1.pdf`);
  const two = cleanName(`${'x'.repeat(200)}2.pdf`);
  expect(one).toMatch(/^x{115}_[0-9a-f]{8}\.pdf$/);
  expect(one).toHaveLength(128);
  expect(two).not.toBe(one);
  expect(cleanName('y'.repeat(128))).toBe('y'.repeat(128));
  expect(Buffer.byteLength(cleanName('本'.repeat(120)))).toBeLessThanOrEqual(255);
  expect(spellings(`${'x'.repeat(200)}1.pdf`)).toEqual([`${'x'.repeat(200)}1.pdf`, one]);
});

test('a name that is made to be slow is not', () => {
  expect(cleanName(`a${' .'.repeat(300_000)}b`)).toMatch(/^a( \.)+ ?_[0-9a-f]{8}/);
});

test('what is kept of any name is sound, and stays as it is', () => {
  const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('..', '  ', '/', '.pdf', 'ü', '%2F', '\ud800'));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      let kept: string;
      try {
        kept = cleanName(pieces.join(''));
      } catch (error) {
        expect(error).toBeInstanceOf(Problem);
        return;
      }
      expect(kept).not.toMatch(/[/\\:*?"<>|#%&+\t\p{Cc}\p{Surrogate}]|\.\.| {2}|^[. ]|[. ]$/u);
      expect(kept.length).toBeLessThanOrEqual(128);
      expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(255);
      expect(cleanName(kept)).toBe(kept);
    }),
    { numRuns: 500 },
  );
});
