import type { Range } from '../../kit/ranges.js';

/** One byte range as a client writes it: `bytes=0-99`, `bytes=100-` (`end` null), or `bytes=-500`, the last 500. */
export type RangeSpec = { readonly start: number; readonly end: number | null } | { readonly suffix: number };

const specForm = /^(\d*)-(\d*)$/;

const parseSpec = (text: string): RangeSpec | undefined => {
  const match = specForm.exec(text.trim());
  if (!match) return undefined;
  const [, first = '', last = ''] = match;
  const numbers = [first, last].map(Number);
  if (!numbers.every(Number.isSafeInteger) || (first === '' && last === '')) return undefined;
  const [start = 0, end = 0] = numbers;
  if (first === '') return { suffix: end };
  if (last === '') return { start, end: null };
  return start <= end ? { start, end: end + 1 } : undefined;
};

/** The ranges that a `Range` header asks for; undefined where it is absent, of another unit, or malformed. */
export const parseRange = (header: string | undefined): readonly RangeSpec[] | undefined => {
  const match = /^bytes\s*=(.*)$/i.exec(header?.trim() ?? '');
  if (!match) return undefined;
  const specs = (match[1] ?? '')
    .split(',')
    .filter((each) => each.trim() !== '')
    .map(parseSpec);
  return specs.length > 0 && specs.every((spec) => spec !== undefined) ? specs : undefined;
};

/** The bytes of something of `size` bytes that `spec` asks for; undefined where there are none. */
export const satisfy = (spec: RangeSpec, size: number): Range | undefined => {
  const start = 'suffix' in spec ? Math.max(0, size - spec.suffix) : spec.start;
  const end = 'suffix' in spec ? size : Math.min(size, spec.end ?? size);
  return start < end ? { start, end } : undefined;
};
