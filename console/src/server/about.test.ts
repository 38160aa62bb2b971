import { expect, test } from 'vitest';
import { about, dialectTitle } from './about.js';

test('dialects are told by the names that people know; parts of one by its name and their own', () => {
  const dialect = { doc: '', endpoints: [], samples: [] };
  about.value = {
    ...about.value,
    dialects: [
      { ...dialect, name: 'tus', title: 'tus 1.0' },
      { ...dialect, name: 'brightsign', title: 'BrightSign Network' },
    ],
  };
  expect(dialectTitle('tus')).toBe('tus 1.0');
  expect(dialectTitle('brightsign-thumbnails')).toBe('BrightSign Network, thumbnails');
  expect(dialectTitle('gone')).toBe('gone');
});
