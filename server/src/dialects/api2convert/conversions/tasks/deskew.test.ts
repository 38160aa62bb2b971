import { expect, test } from 'vitest';
import { type Grey, skewOf } from './deskew.js';

/** Lines of ink, 6 pixels high and 20 apart, that are turned clockwise by so many degrees. */
const page = (degrees: number, { ink = 0, paper = 255 } = {}): Grey => {
  const [width, height] = [600, 800];
  const slope = Math.tan((degrees * Math.PI) / 180);
  const data = new Uint8Array(width * height).fill(paper);
  for (let y = 0; y < height; y += 1)
    for (let x = 40; x < 560; x += 1) {
      const line = y - x * slope;
      if (((line % 20) + 20) % 20 < 6 && Math.floor(x / 50) % 3 > 0) data[y * width + x] = ink;
    }
  return { width, height, data };
};

test.each([-14, -5.5, -0.3, 0, 0.1, 2, 9.87])('lines that are turned by %d degrees are found so', (degrees) => {
  expect(Math.abs(skewOf(page(degrees)) - degrees)).toBeLessThan(0.15);
});

test('also on dark paper', () => {
  expect(skewOf(page(4, { ink: 220, paper: 10 }))).toBeCloseTo(4, 1);
});
