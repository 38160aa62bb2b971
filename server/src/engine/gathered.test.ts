import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openPages } from '../kit/pages.js';
import { Gathered } from './gathered.js';

const size = 8;

describe('gathered bytes', () => {
  it('are the bytes that came, in memory that was asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 3 * size }), { maxLength: 20 }),
        fc.nat({ max: 4 * size }),
        (buffers, keepBytes) => {
          const gathered = new Gathered(openPages({ size, kept: 4 }), keepBytes);
          let taken = 0;
          for (const buffer of buffers) {
            taken += gathered.needs(buffer.length);
            gathered.add(buffer);
            expect(gathered.memory).toBe(taken);
          }
          const whole = Buffer.concat(buffers);
          expect(gathered.length).toBe(whole.length);
          expect(Buffer.concat(gathered.buffers())).toEqual(whole);
          expect(taken).toBeLessThan(whole.length + size);
          expect(gathered.release()).toBe(taken);
          expect(gathered.release()).toBe(0);
        },
      ),
    );
  });

  it('are kept as they came while they are few, and copied from then on', () => {
    const gathered = new Gathered(openPages({ size, kept: 4 }), size);
    const small = Buffer.from('small');
    gathered.add(small);
    expect(gathered.buffers()[0]).toBe(small);
    const big = Buffer.alloc(size, 'b');
    gathered.add(big);
    big.fill('x');
    expect(Buffer.concat(gathered.buffers()).toString()).toBe('smallbbbbbbbb');
  });

  it('give their pages to whoever gathers next', () => {
    const pages = openPages({ size, kept: 1 });
    const first = new Gathered(pages, 0);
    first.add(Buffer.alloc(2 * size, 1));
    const [page] = first.buffers();
    first.release();
    expect(pages.take()).toBe(page);
    expect(pages.take()).not.toBe(page);
  });
});
