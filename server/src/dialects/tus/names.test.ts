import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safeFolders, safeName, safeType } from './names.js';

describe('folders of a path', () => {
  test.each([
    ['plan.pdf', []],
    ['Photos/2026/a.jpg', ['Photos', '2026']],
    ['Photos\\2026\\a.jpg', ['Photos', '2026']],
    ['/Photos//./2026/a.jpg', ['Photos', '2026']],
    ['Größe\u0000/ /a.jpg', ['Größe']],
    ['', []],
    // What Uppy sends where there is no folder.
    ['null', []],
    ['../a.jpg', undefined],
    ['Photos/../../a.jpg', undefined],
    ['Photos\\..\\a.jpg', undefined],
    [`${'x/'.repeat(64)}a.jpg`, Array.from({ length: 64 }, () => 'x')],
    [`${'x/'.repeat(65)}a.jpg`, undefined],
  ])('%j', (given, folders) => {
    expect(safeFolders(given)).toEqual(folders);
  });
});

describe('file names', () => {
  test.each([
    ['plan.pdf', 'plan.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\plan.pdf', 'plan.pdf'],
    ['/', undefined],
    ['', undefined],
    ['..', undefined],
    ['a/..', undefined],
    ['  ', undefined],
    ['plan\r\n\0.pdf', 'plan.pdf'],
    ['photo\u202egpj.exe', 'photogpj.exe'],
    ['Übergröße 大.txt', 'Übergröße 大.txt'],
    ['folder/', 'folder'],
  ])('%j', (given, name) => {
    expect(safeName(given)).toBe(name);
  });

  test('too long a name is cut before its ending', () => {
    const name = safeName(`${'ü'.repeat(300)}.tar`);
    expect(name).toMatch(/^ü+\.tar$/);
    expect(Buffer.byteLength(name ?? '')).toBeLessThanOrEqual(255);
    expect(Buffer.byteLength(name ?? '')).toBeGreaterThan(250);
  });

  test('no name leads elsewhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (given) => {
        const name = safeName(given);
        if (name === undefined) return;
        expect(name).not.toMatch(/[/\\\p{Cc}]/u);
        expect(['', '.', '..']).not.toContain(name);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
      }),
      { numRuns: 300 },
    );
  });
});

describe('media types', () => {
  test.each([
    ['image/png', 'image/png'],
    [' text/plain; charset=utf-8 ', 'text/plain; charset=utf-8'],
    ['image', undefined],
    ['image/', undefined],
    ['text/html\r\nSet-Cookie: a=b', undefined],
    ['text/html; x=\ny', undefined],
    ['', undefined],
  ])('%j', (given, type) => {
    expect(safeType(given)).toBe(type);
  });
});
