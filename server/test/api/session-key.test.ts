import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type UploadRequest, upload } from '../../../client/src/index.js';
import { basic, type Desk, openDesk, type Visitor } from './desk.js';

let desk: Desk;
let alice: Visitor;
let key: string;

beforeEach(async () => {
  desk = await openDesk();
  alice = await desk.login('alice');
  const { status, body } = await alice.ask('POST', '/session/key');
  expect(status).toBe(200);
  expect(body.expiresAt).toBeGreaterThan(desk.clock.now());
  key = body.secret;
});
afterEach(() => desk.close());

const hour = 3_600_000;
const bytes = new TextEncoder().encode('What is said.\n');

type Request = (credentials: object) => UploadRequest;

/** An upload in every dialect that takes a name and a password. */
const dialects: readonly (readonly [string, Request])[] = [
  ['tus', (login) => ['tus', bytes, { url: `${desk.url}/files/`, fileName: 'a.txt', ...login }]],
  ['BrightSign', (login) => ['brightsign', bytes, { url: desk.url, fileName: 'a.txt', ...login }]],
  ['infoRouter', (login) => ['inforouter', bytes, { url: desk.url, fileName: 'a.txt', ...login }]],
  ['4shared', (login) => ['4shared', bytes, { url: desk.url, fileName: 'a.txt', ...login }]],
  ['InterFAX', (login) => ['interfax', bytes, { url: desk.url, fileName: 'a.txt', fax: '+442079460123', ...login }]],
  ['API2Convert', (login) => ['api2convert', bytes, { url: desk.url, fileName: 'a.txt', ...login }]],
];

const sent = async (request: Request, credentials: object): Promise<number> =>
  (await upload(...request(credentials)).done).size;

describe.each(dialects)('in %s, the key of a session', (_name, request) => {
  it('stands for the account in place of its password, until the logout', async () => {
    const login = { user: 'alice', password: key };
    expect(await sent(request, login)).toBe(bytes.length);
    expect((await alice.ask('DELETE', '/session')).status).toBe(204);
    await expect(sent(request, login)).rejects.toThrow();
  });

  it('so does an API key, until it is removed', async () => {
    const { id, secret } = await desk.app.accounts.addKey('alice');
    const login = { user: 'alice', password: secret };
    expect(await sent(request, login)).toBe(bytes.length);
    await desk.app.accounts.removeKey(id);
    await expect(sent(request, login)).rejects.toThrow();
  });
});

// The others ask for `Authorization: Basic`, where any name will do with an API key.
const byMessage = ['BrightSign', 'infoRouter', '4shared'];

describe.each(dialects.filter(([name]) => byMessage.includes(name)))('in %s', (_name, request) => {
  it('another account’s key is refused', async () => {
    await expect(sent(request, { user: 'bob', password: key })).rejects.toThrow();
    const { secret } = await desk.app.accounts.addKey('alice');
    await expect(sent(request, { user: 'bob', password: secret })).rejects.toThrow();
  });
});

describe('in InterFAX’s SOAP messages', () => {
  const start = async (user: string, password: string): Promise<string | undefined> => {
    const answer = await fetch(`${desk.url}/dfs.asmx`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '"http://www.interfax.cc/StartFileUpload"' },
      body: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
 <StartFileUpload xmlns="http://www.interfax.cc"><Username>${user}</Username><Password>${password}</Password></StartFileUpload>
</s:Body></s:Envelope>`,
    });
    return /<StartFileUploadResult>(.*)<\/StartFileUploadResult>/.exec(await answer.text())?.[1];
  };

  it('a session’s key and an API key are passwords of their account alone, until they end', async () => {
    const { id, secret } = await desk.app.accounts.addKey('alice');
    for (const each of [key, secret]) {
      expect(await start('alice', each)).toBe('0');
      expect(await start('bob', each)).toBe('-1003');
    }
    await alice.ask('DELETE', '/session');
    await desk.app.accounts.removeKey(id);
    for (const each of [key, secret]) expect(await start('alice', each)).toBe('-1003');
  });
});

describe('the key of a session', () => {
  const asks = (authorization: string) => desk.ask('GET', '/session', { headers: { authorization } });

  it('is a bearer token, and always the same one', async () => {
    expect(await sent((login) => ['tus', bytes, { url: `${desk.url}/files/`, ...login }], { apiKey: key })).toBe(
      bytes.length,
    );
    expect((await asks(`Bearer ${key}`)).body).toMatchObject({ account: 'alice' });
    expect((await asks(basic('alice', key))).body).toMatchObject({ account: 'alice' });
    expect((await alice.ask('POST', '/session/key')).body.secret).toBe(key);
    const other = await desk.login('alice');
    expect((await other.ask('POST', '/session/key')).body.secret).not.toBe(key);
  });

  it('ends with the session’s time; its use is the session’s use', async () => {
    desk.clock.advance(11 * hour);
    expect((await asks(`Bearer ${key}`)).status).toBe(200);
    desk.clock.advance(11 * hour);
    expect((await alice.ask('GET', '/session')).status).toBe(200);
    desk.clock.advance(12 * hour);
    expect((await asks(`Bearer ${key}`)).status).toBe(401);
    await expect(desk.app.accounts.verify('alice', key)).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  it('ends with the password', async () => {
    await desk.app.accounts.setPassword('alice', 'other');
    expect((await asks(`Bearer ${key}`)).status).toBe(401);
  });

  it('is none of the account’s API keys', async () => {
    expect((await alice.ask('GET', '/accounts/alice/keys')).body).toEqual({ keys: [] });
    expect((await alice.ask('GET', '/accounts')).body.accounts).toEqual([expect.objectContaining({ keys: 0 })]);
  });

  it('begins no other session, which would outlive its own', async () => {
    const told = await desk.ask('POST', '/session', { body: { name: 'alice', password: key } });
    expect(told.status).toBe(401);
    expect(told.headers.getSetCookie()).toEqual([]);
  });

  it('is not the cookie’s secret, nor does it show it', async () => {
    const [, secret = ''] = alice.cookie.split('=');
    expect(key).not.toContain(secret);
    const [, id = '', rest = ''] = key.split('_');
    for (const part of [id, rest, rest.slice(0, 32), `${id}${rest}`.slice(0, 32)]) {
      const headers = { cookie: `longshore-session=${part}` };
      expect((await desk.ask('GET', '/session', { headers })).status).toBe(401);
    }
  });
});

it('the key of a session makes no API key, which would outlive it', async () => {
  const body = { label: 'for ever' };
  for (const authorization of [`Bearer ${key}`, basic('alice', key)])
    expect(await desk.ask('POST', '/accounts/alice/keys', { body, headers: { authorization } })).toMatchObject({
      status: 403,
      body: { type: 'urn:longshore:session-key' },
    });
  expect((await alice.ask('GET', '/accounts/alice/keys')).body.keys).toEqual([]);
  expect((await alice.ask('POST', '/accounts/alice/keys', { body })).status).toBe(200);
  const { secret } = await desk.app.accounts.addKey('alice');
  const headers = { authorization: `Bearer ${secret}` };
  expect((await desk.ask('POST', '/accounts/alice/keys', { body, headers })).status).toBe(200);
});
