import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { basic, type Desk, openDesk } from './desk.js';

let desk: Desk;

beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

const problem = (kind: string, status: number) => ({
  status,
  body: { type: `urn:longshore:${kind}`, title: expect.any(String), status },
});

const hour = 3_600_000;

describe('logging in', () => {
  it('says who it is, and sets a cookie that no script reads and no other site sends', async () => {
    const { status, headers, body } = await desk.ask('POST', '/session', {
      body: { name: 'ALICE', password: 'secret' },
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      account: 'alice',
      role: 'uploader',
      permissions: ['upload', 'update', 'view', 'delete'],
      csrf: expect.stringMatching(/^[\w-]{32}$/),
      expiresAt: desk.clock.now() + 12 * hour,
    });
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^longshore-session=[0-9a-f]{32}; Path=\/api; Max-Age=2592000; HttpOnly; SameSite=Strict$/),
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('has a cookie for HTTPS alone where the page came by HTTPS, below the path that a proxy adds', async () => {
    await desk.close();
    desk = await openDesk({ flags: { 'http-public-url': 'https://files.example.com/up' } });
    const { headers } = await desk.ask('POST', '/session', { body: { name: 'alice', password: 'secret' } });
    const [cookie = ''] = headers.getSetCookie();
    expect(cookie).toMatch(/^__Secure-longshore-session=[0-9a-f]{32}; Path=\/up\/api; .*; Secure$/);
    const shown = { headers: { cookie: cookie.split(';')[0] ?? '' } };
    expect(await desk.ask('GET', '/session', shown)).toMatchObject({ status: 200 });
    const plain = { headers: { cookie: shown.headers.cookie.replace('__Secure-', '') } };
    expect(await desk.ask('GET', '/session', plain)).toMatchObject({ status: 401 });
  });

  it.each([
    ['a wrong password', { name: 'alice', password: 'wrong' }],
    ['an unknown name', { name: 'nobody', password: 'secret' }],
    ['no password', { name: 'alice', password: '' }],
  ])('is refused with %s, in the same words', async (_what, body) => {
    const told = await desk.ask('POST', '/session', { body });
    expect(told).toMatchObject(problem('unauthenticated', 401));
    expect(told.body.title).toBe('The name or the password is not right.');
    expect(told.headers.getSetCookie()).toEqual([]);
    expect(told.headers.get('content-type')).toBe('application/problem+json');
    expect(told.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
  });

  it('gives a new secret each time, and ends the session that was there before', async () => {
    const first = await desk.login('alice');
    const again = await first.ask('POST', '/session', { body: { name: 'alice', password: 'secret' } });
    const [cookie = ''] = again.headers.getSetCookie();
    expect(cookie.split(';')[0]).not.toBe(first.cookie);
    expect(again.body.csrf).not.toBe(first.csrf);
    expect(await first.ask('GET', '/session')).toMatchObject(problem('unauthenticated', 401));
  });

  it('does not take up a secret that somebody else chose', async () => {
    const planted = `longshore-session=${'a'.repeat(32)}`;
    const { headers } = await desk.ask('POST', '/session', {
      body: { name: 'alice', password: 'secret' },
      headers: { cookie: planted },
    });
    expect(headers.getSetCookie()[0]).not.toContain('a'.repeat(32));
    expect(await desk.ask('GET', '/session', { headers: { cookie: planted } })).toMatchObject({ status: 401 });
  });

  it('takes an API key of the account as the password; the session ends with the key', async () => {
    const { id, secret } = await desk.app.accounts.addKey('alice');
    const visitor = await desk.login('alice', secret);
    expect(await visitor.ask('GET', '/session')).toMatchObject({ status: 200, body: { account: 'alice' } });
    await desk.app.accounts.removeKey(id);
    expect(await visitor.ask('GET', '/session')).toMatchObject({ status: 401 });
    const others = await desk.app.accounts.addKey('bob');
    await expect(desk.login('alice', others.secret)).rejects.toThrow('401');
  });

  it('wants JSON, in bounds, with what belongs there and nothing else', async () => {
    const ask = (body: string, type = 'application/json') =>
      fetch(`${desk.url}/api/session`, { method: 'POST', body, headers: { 'content-type': type } });
    expect((await ask('{}', 'text/plain')).status).toBe(415);
    expect((await ask('name=alice&password=secret', 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await ask('{')).status).toBe(400);
    expect((await ask('')).status).toBe(400);
    expect((await ask(JSON.stringify({ name: 'alice', password: 'x'.repeat(64 * 1024) }))).status).toBe(413);
    const odd = await ask('{"name":"alice","password":["hunter2"],"more":1}');
    expect(odd.status).toBe(400);
    const { title } = (await odd.json()) as { title: string };
    expect(title).toContain('password');
    expect(title).toContain('more');
    expect(title).not.toContain('hunter2');
  });
});

describe('a session', () => {
  it('goes on while it is used, and ends after twelve hours of rest', async () => {
    const { ask } = await desk.login('alice');
    for (let count = 0; count < 3; count += 1) {
      desk.clock.advance(11 * hour);
      const { status, body } = await ask('GET', '/session');
      expect(status).toBe(200);
      expect(body.expiresAt).toBeGreaterThan(desk.clock.now() + 11.9 * hour);
    }
    desk.clock.advance(12 * hour);
    expect(await ask('GET', '/session')).toMatchObject(problem('unauthenticated', 401));
  });

  it('ends after thirty days, however much it is used', async () => {
    const { ask } = await desk.login('alice');
    for (let count = 0; count < 71; count += 1) {
      desk.clock.advance(10 * hour);
      expect((await ask('GET', '/session')).status).toBe(200);
    }
    const { body } = await ask('GET', '/session');
    expect(body.expiresAt).toBeLessThanOrEqual(desk.clock.now() + 10 * hour);
    desk.clock.advance(10 * hour);
    expect((await ask('GET', '/session')).status).toBe(401);
  });

  it('ends when it is ended, and its cookie is taken back', async () => {
    const { ask } = await desk.login('alice');
    const told = await ask('DELETE', '/session');
    expect(told.status).toBe(204);
    expect(told.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^longshore-session=; Path=\/api; Max-Age=0; /),
    ]);
    expect((await ask('GET', '/session')).status).toBe(401);
  });

  it('ends with the password, and with the account', async () => {
    const [alice, bob] = [await desk.login('alice'), await desk.login('bob')];
    await desk.app.accounts.setPassword('alice', 'other');
    await desk.app.accounts.remove('bob');
    desk.clock.advance(1);
    await desk.app.accounts.add({ name: 'bob', password: 'secret' });
    expect((await alice.ask('GET', '/session')).status).toBe(401);
    expect((await bob.ask('GET', '/session')).status).toBe(401);
  });

  it('follows what the account may do', async () => {
    const { ask } = await desk.login('alice');
    await desk.app.accounts.amend('alice', { role: 'viewer' });
    expect((await ask('GET', '/session')).body).toMatchObject({ role: 'viewer', permissions: ['view'] });
  });
});

describe('who asks', () => {
  it('may say so in a header: name and password, or an API key', async () => {
    const { secret } = await desk.app.accounts.addKey('bob');
    expect((await desk.as('alice').ask('GET', '/session')).body).toMatchObject({
      account: 'alice',
      csrf: '',
      expiresAt: null,
    });
    const bearer = { headers: { authorization: `Bearer ${secret}` } };
    expect((await desk.ask('GET', '/session', bearer)).body).toMatchObject({ account: 'bob' });
    expect(await desk.as('alice').ask('POST', '/session/key')).toMatchObject(problem('no-session', 409));
  });

  it('is nobody without credentials, whatever other protocols take, and is never asked by a dialog', async () => {
    await desk.close();
    desk = await openDesk({ flags: { 'accounts-anonymous': 'alice' } });
    for (const headers of [
      {},
      { authorization: basic('alice', 'wrong') },
      { authorization: 'Bearer x' },
      { authorization: 'Digest x' },
    ]) {
      const told = await desk.ask('GET', '/session', { headers });
      expect(told).toMatchObject(problem('unauthenticated', 401));
      expect(told.headers.get('www-authenticate')).not.toMatch(/basic/i);
    }
  });

  it('is the session, not the name and password that a browser may add by itself', async () => {
    const { cookie } = await desk.login('bob');
    const headers = { cookie, authorization: basic('alice') };
    expect((await desk.ask('GET', '/session', { headers })).body).toMatchObject({ account: 'bob' });
  });
});

describe('another site’s page', () => {
  it.each([
    ['by its word', { 'sec-fetch-site': 'cross-site' }],
    ['on a sibling host', { 'sec-fetch-site': 'same-site' }],
    ['of older browsers', { origin: 'https://evil.example' }],
    ['without an origin', { origin: 'null' }],
  ])('changes nothing: %s', async (_what, from: Record<string, string>) => {
    const { cookie, csrf } = await desk.login('alice');
    const credentials = [{ cookie, 'x-csrf-token': csrf }, { authorization: basic('alice') }];
    for (const each of credentials)
      expect(await desk.ask('DELETE', '/session', { headers: { ...each, ...from } })).toMatchObject(
        problem('cross-site', 403),
      );
    const login = { body: { name: 'alice', password: 'secret' }, headers: from };
    expect(await desk.ask('POST', '/session', login)).toMatchObject(problem('cross-site', 403));
    expect((await desk.ask('GET', '/session', { headers: { cookie } })).status).toBe(200);
  });

  it('is told from our own', async () => {
    const own = [{ 'sec-fetch-site': 'same-origin' }, { origin: desk.url }, { 'sec-fetch-site': 'none' }];
    for (const headers of own) {
      const { ask } = await desk.login('alice');
      expect((await ask('DELETE', '/session', { headers })).status).toBe(204);
    }
  });

  it('is not let send the cookie along', async () => {
    const { cookie } = await desk.login('alice');
    const { headers } = await desk.ask('GET', '/session', { headers: { cookie, origin: 'https://evil.example' } });
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });
});

describe('the CSRF token', () => {
  it('is wanted with what changes something, where the cookie says who asks', async () => {
    const { cookie } = await desk.login('alice');
    const other = await desk.login('alice');
    for (const wrong of [{}, { 'x-csrf-token': '' }, { 'x-csrf-token': other.csrf }]) {
      const told = await desk.ask('POST', '/session/key', { headers: { cookie, ...wrong } });
      expect(told).toMatchObject(problem('csrf', 403));
    }
    expect((await other.ask('POST', '/session/key')).status).toBe(200);
  });

  it('is told again to whoever has the cookie', async () => {
    const { csrf, ask } = await desk.login('alice');
    expect((await ask('GET', '/session')).body.csrf).toBe(csrf);
  });
});

describe('too many wrong logins', () => {
  const attempt = (password: string, name = 'nobody') => desk.ask('POST', '/session', { body: { name, password } });

  it('from one address are put off for a quarter of an hour', async () => {
    // Names change, so that none of them is slowed down by itself.
    for (let count = 0; count < 20; count += 1) expect((await attempt('x', `nobody${count}`)).status).toBe(401);
    const told = await attempt('secret', 'alice');
    expect(told).toMatchObject(problem('too-many-attempts', 429));
    expect(told.headers.get('retry-after')).toBe('900');
    desk.clock.advance(899_000);
    expect((await attempt('secret', 'alice')).headers.get('retry-after')).toBe('1');
    desk.clock.advance(1_000);
    expect((await attempt('secret', 'alice')).status).toBe(200);
  });

  it('for one name are slowed down, from wherever they come', async () => {
    for (let count = 0; count < 3; count += 1) expect((await attempt('x', 'alice')).status).toBe(401);
    let answered = 0;
    const fourth = attempt('secret', 'alice').finally(() => {
      answered = desk.clock.now();
    });
    const before = desk.clock.now();
    for (let count = 0; count < 1000 && answered === 0; count += 1) {
      await delay(5);
      desk.clock.advance(50);
    }
    expect((await fourth).status).toBe(200);
    expect(answered).toBeGreaterThanOrEqual(before + 250);
  });

  it('do not count what was right', async () => {
    for (let count = 0; count < 30; count += 1) expect((await attempt('secret', 'alice')).status).toBe(200);
  });

  it('are counted by the address that a trusted proxy names', async () => {
    await desk.close();
    desk = await openDesk({ flags: { 'http-trusted-proxies': 'loopback' } });
    const from = (address: string, name: string) =>
      desk.ask('POST', '/session', { body: { name, password: 'x' }, headers: { 'x-forwarded-for': address } });
    for (let count = 0; count < 20; count += 1)
      expect((await from(`2001:db8:1:2::${count + 1}`, `nobody${count}`)).status).toBe(401);
    expect((await from('2001:db8:1:2:ffff::1', 'alice')).status).toBe(429);
    expect((await from('2001:db8:1:3::1', 'bob')).status).toBe(401);
    expect((await from('192.0.2.1', 'victor')).status).toBe(401);
  });
});
