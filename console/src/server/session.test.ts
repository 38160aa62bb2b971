import { afterEach, expect, test, vi } from 'vitest';
import { request } from './request.js';
import { findSession, session, uploadKey } from './session.js';

const ann = { account: 'ann', role: 'uploader', permissions: ['upload'], expiresAt: null };

/** A server that has this session now, and gives it keys named after it. */
const serve = (now: { csrf: string; account: string }) => {
  const fetched = vi.fn(async (address: string, { headers }: { readonly headers: Record<string, string> }) => {
    if (address === 'api/session') return Response.json({ ...ann, ...now });
    if (headers['X-CSRF-Token'] === now.csrf) return Response.json({ secret: `key of ${now.csrf}`, expiresAt: 1 });
    return Response.json({ type: 'urn:longshore:csrf', title: 'Not the token.' }, { status: 403 });
  });
  vi.stubGlobal('fetch', fetched);
  return fetched;
};

afterEach(() => vi.unstubAllGlobals());

test('several that want the key at once ask for it once', async () => {
  const fetched = serve({ csrf: 'one', account: 'ann' });
  await findSession();
  expect(await Promise.all([uploadKey(), uploadKey()])).toEqual(['key of one', 'key of one']);
  expect(fetched).toHaveBeenCalledTimes(2);
});

test('a new session of the same account has a new key', async () => {
  serve({ csrf: 'two', account: 'ann' });
  await findSession();
  await uploadKey();
  serve({ csrf: 'three', account: 'ann' });
  await findSession();
  expect(await uploadKey()).toBe('key of three');
});

test('a page whose cookie is of another session by now learns whose, and what it asked for is refused', async () => {
  serve({ csrf: 'four', account: 'ann' });
  await findSession();
  serve({ csrf: 'five', account: 'ben' });
  await expect(request('POST', 'session/key')).rejects.toMatchObject({ status: 403, kind: 'csrf' });
  expect(session.value).toMatchObject({ account: 'ben', csrf: 'five' });
  expect(await uploadKey()).toBe('key of five');
});
