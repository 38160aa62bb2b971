import { expect, test } from 'vitest';
import { upload } from './index.js';

test('a browser is not asked for credentials of its own beside the given ones', async () => {
  const modes: unknown[] = [];
  const fetch: typeof globalThis.fetch = async (_, init) => {
    modes.push(init?.credentials);
    return new Response(null, { status: 401 });
  };
  const options = { url: 'http://127.0.0.1/files', fetch };
  await expect(upload('tus', new Blob(['x']), { ...options, apiKey: 'k' }).done).rejects.toMatchObject({ status: 401 });
  await expect(upload('tus', new Blob(['x']), options).done).rejects.toMatchObject({ status: 401 });
  expect(modes).toEqual(['omit', undefined]);
});

test('credentials within the URL are refused', () => {
  expect(() => upload('tus', new Blob(['x']), { url: 'http://ann:pw@127.0.0.1/files' })).toThrow(/within the URL/);
});
