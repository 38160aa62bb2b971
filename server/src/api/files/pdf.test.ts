import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { countingIds } from '../../kit/ids.js';
import { drawFirstPage } from './pdf.js';

test('nothing is read or drawn for who has gone while waiting', async () => {
  const host = {
    data: tmpdir(),
    ids: countingIds('a'),
    engine: {
      readObject: () => {
        throw new Error('the file was read');
      },
    },
  };
  expect(await drawFirstPage(host, { object: 'o1', size: 10 }, AbortSignal.abort())).toBeUndefined();
});
