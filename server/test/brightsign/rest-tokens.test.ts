import { expect, test } from 'vitest';
import { useRest, vnd } from './rest-desk.js';

const { server, ask, form } = useRest();
const hour = 60 * 60 * 1000;
const self = '/2020/07/REST/Self/';

const login = (username = 'Acme/alice', password = 'secret') =>
  form({ grant_type: 'password', username, password, client_id: 'x', client_secret: 'y' });
const withToken = (token: unknown) => ({ as: null, headers: { authorization: `Bearer ${String(token)}` } });

test('a password is good for tokens, of the form that clients read (B1)', async () => {
  const answer = await login();
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({
    token_type: 'bearer',
    access_token: expect.stringMatching(/^[A-Za-z0-9_-]{26,}$/),
    refresh_token: expect.stringMatching(/^[A-Za-z0-9_-]{26,}$/),
    expires_in: 3600,
    user: { network: { name: 'Acme', status: 'Active' } },
  });
  expect(String(answer.json['scope']).split(' ')).toEqual(['bsn.api.upload.content', 'bsn.api.upload.websites']);
  expect(Date.parse(String(answer.json['.expires'])) - server().clock.now()).toBe(hour);
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

test('a login without a network gets a person’s tokens', async () => {
  const { json } = await login('alice');
  expect(json).toMatchObject({ token_type: 'bearer', person: { login: 'alice' } });
  expect(json).not.toHaveProperty('user');
});

test('an access token opens the API until its time has come', async () => {
  const { json } = await login();
  const who = await ask('GET', self, withToken(json['access_token']));
  expect(who).toMatchObject({ status: 200, json: { id: expect.any(Number), login: 'alice' } });
  const start = await ask('POST', '/Upload/2017/01/REST/Sessions/None/Uploads/', {
    ...withToken(json['access_token']),
    accept: '*/*',
    body: { fileName: 'a.png', fileSize: 1 },
    type: vnd('start.content.upload.arguments', '201701'),
  });
  expect(start).toMatchObject({ status: 201, type: vnd('content.upload.status', '201701') });
  server().clock.advance(hour);
  expect((await ask('GET', self, withToken(json['access_token']))).status).toBe(401);
});

test('a refresh token opens nothing, and is good for new tokens once', async () => {
  const { json } = await login();
  const refresh = String(json['refresh_token']);
  expect((await ask('GET', self, withToken(refresh))).status).toBe(401);
  server().clock.advance(2 * hour);
  const renewed = await form({ grant_type: 'refresh_token', refresh_token: refresh });
  expect(renewed).toMatchObject({ status: 200, json: { user: { network: { name: 'Acme' } } } });
  expect((await ask('GET', self, withToken(renewed.json['access_token']))).status).toBe(200);
  expect(await form({ grant_type: 'refresh_token', refresh_token: refresh })).toMatchObject({
    status: 400,
    json: { error: 'invalid_grant' },
  });
  const other = await form({ grant_type: 'refresh_token', refresh_token: String(json['access_token']) });
  expect(other.status).toBe(400);
});

test('an account that is gone, or made anew, has no tokens', async () => {
  const { json } = await login();
  const { accounts } = server().host;
  await accounts.remove('alice');
  expect((await ask('GET', self, withToken(json['access_token']))).status).toBe(401);
  server().clock.advance(1);
  await accounts.add({ name: 'alice', password: 'other' });
  expect((await ask('GET', self, withToken(json['access_token']))).status).toBe(401);
  const refreshed = await form({ grant_type: 'refresh_token', refresh_token: String(json['refresh_token']) });
  expect(refreshed.status).toBe(400);
});

test('with another password, or the same one set anew, the tokens until then have ended', async () => {
  const { json } = await login();
  const { accounts } = server().host;
  await accounts.setPassword('alice', 'secret');
  expect((await ask('GET', self, withToken(json['access_token']))).status).toBe(401);
  const refreshed = await form({ grant_type: 'refresh_token', refresh_token: String(json['refresh_token']) });
  expect(refreshed).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  const again = await login();
  expect((await ask('GET', self, withToken(again.json['access_token']))).status).toBe(200);
  await accounts.setPassword('alice', 'secret');
  expect((await ask('GET', self, withToken(again.json['access_token']))).status).toBe(401);
});

test('what was given for an API key is renewed for as long as its first refresh token would live, and no longer', async () => {
  const { host, clock } = server();
  const { id, secret } = await host.accounts.addKey('alice');
  let { json } = await login('Acme/alice', secret);
  await host.accounts.removeKey(id);
  const renew = () => form({ grant_type: 'refresh_token', refresh_token: String(json['refresh_token']) });
  for (let week = 1; week <= 2; week += 1) {
    clock.advance(7 * 24 * hour - 1_000);
    const renewed = await renew();
    expect(renewed).toMatchObject({ status: 200, json: { user: { network: { name: 'Acme' } } } });
    json = renewed.json;
  }
  expect(json).toMatchObject({ expires_in: 2 });
  clock.advance(2_000);
  expect((await renew()).status).toBe(400);
  expect((await ask('GET', self, withToken(json['access_token']))).status).toBe(401);
});

test('what is wrong is told in OAuth’s words', async () => {
  expect(await login('Acme/alice', 'wrong')).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  expect(await form({ grant_type: 'magic' })).toMatchObject({
    status: 400,
    json: { error: 'unsupported_grant_type' },
  });
  expect((await form({ grant_type: 'password', username: 'x'.repeat(2 ** 16) })).status).toBe(413);
});

test.each(['/2020/07/REST/Token', '/2020/07/REST/token/', '/2017/01/rest/Token'])(
  'a bare GET on %s is 400, by which a client tells the version (B1)',
  async (path) => {
    expect((await ask('GET', path, { as: null, accept: null })).status).toBe(400);
  },
);

test('the ledger holds no token', async () => {
  const { json } = await login();
  const all = await server().host.ledger.read((facts) => facts.list({ prefix: 'brightsign/', limit: 1000 }));
  const text = JSON.stringify(all);
  expect(text).toContain('brightsign/token');
  for (const name of ['access_token', 'refresh_token']) expect(text).not.toContain(String(json[name]));
});
