import { afterEach, expect, test, vi } from 'vitest';
import { ApiError, address, credentials, request } from './request.js';

const answering = (status: number, body: string) => {
  const fetched = vi.fn(async () => new Response(status === 204 ? null : body, { status }));
  vi.stubGlobal('fetch', fetched);
  return fetched;
};

afterEach(() => {
  vi.unstubAllGlobals();
  credentials.csrf = '';
  credentials.ended = () => undefined;
});

test('addresses have what is given in their query, and nothing else', () => {
  expect(address('files', { before: 7, owner: undefined })).toBe('api/files?before=7');
  expect(address('files', { owner: 'Acme/a&b' })).toBe('api/files?owner=Acme%2Fa%26b');
  expect(address('files')).toBe('api/files');
});

test('every change carries the token of the session; a question carries none', async () => {
  credentials.csrf = 'token';
  const fetched = answering(204, '');
  await request('DELETE', 'session');
  await request('GET', 'session');
  const tokens = fetched.mock.calls.map((call) => {
    const [, { headers }] = call as unknown as [string, { readonly headers: Record<string, string> }];
    return headers['X-CSRF-Token'];
  });
  expect(tokens).toEqual(['token', undefined]);
});

test('a refusal is told in the words of the server, with its kind', async () => {
  answering(409, JSON.stringify({ type: 'urn:longshore:name-taken', title: 'The name "a" is taken.', status: 409 }));
  const error = await request('POST', 'accounts', { body: {} }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 409, kind: 'name-taken', message: 'The name "a" is taken.' });
});

test('an answer of something in between, that is not of this server, has words as well', async () => {
  answering(502, '<html>Bad gateway</html>');
  await expect(request('GET', 'uploads')).rejects.toMatchObject({ status: 502, message: /502/ });
});

test('a server that is not there is not reached', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
  await expect(request('GET', 'about')).rejects.toMatchObject({ status: 0 });
});

test('who is not logged in any more is told so once', async () => {
  const ended = vi.fn();
  credentials.ended = ended;
  answering(401, '{"title":"You are not logged in."}');
  await expect(request('GET', 'uploads')).rejects.toMatchObject({ status: 401 });
  expect(ended).toHaveBeenCalledTimes(1);
});
