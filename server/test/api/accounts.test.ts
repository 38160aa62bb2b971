import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './desk.js';

let desk: Desk;

beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

const problem = (kind: string, status: number) => ({
  status,
  body: { type: `urn:longshore:${kind}`, title: expect.any(String), status },
});

/** Bytes of a finished upload by tus, and of one that is open. */
const upload = async (name: string, bytes: number, size: number): Promise<void> => {
  const answer = await fetch(`${desk.url}/files/`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${name}:secret`).toString('base64')}`,
      'tus-resumable': '1.0.0',
      'upload-length': String(size),
      'content-type': 'application/offset+octet-stream',
    },
    body: new Uint8Array(bytes),
  });
  expect(answer.status).toBe(201);
  await answer.arrayBuffer();
};

describe('the list of accounts', () => {
  it('is whole for administrators, with what each uses', async () => {
    await upload('alice', 30, 30);
    await upload('alice', 10, 100);
    await desk.app.accounts.addKey('alice');
    const { status, body } = await desk.as('root').ask('GET', '/accounts');
    expect(status).toBe(200);
    expect(body.accounts.map(({ name }: { name: string }) => name).sort()).toEqual([
      'admin',
      'alice',
      'bob',
      'root',
      'victor',
    ]);
    expect(body.accounts).toContainEqual({
      name: 'alice',
      role: 'uploader',
      createdAt: desk.clock.now(),
      quota: null,
      held: 30,
      reserved: 100,
      keys: 1,
    });
    expect(JSON.stringify(body)).not.toMatch(/salt|hash|scrypt/);
  });

  it('is one’s own for everybody else', async () => {
    const { body } = await desk.as('alice').ask('GET', '/accounts');
    expect(body.accounts).toEqual([expect.objectContaining({ name: 'alice' })]);
  });
});

describe('administrators', () => {
  it('add accounts, and are told what is wrong with them', async () => {
    const { ask } = desk.as('root');
    const zoe = { name: 'Zoë@example.com', password: 'long enough', role: 'contributor', quota: 1000 };
    expect(await ask('POST', '/accounts', { body: zoe })).toMatchObject({
      status: 200,
      body: { name: 'Zoë@example.com', role: 'contributor', quota: 1000, held: 0, reserved: 0, keys: 0 },
    });
    expect(await ask('POST', '/accounts', { body: { name: 'plain', password: 'x' } })).toMatchObject({
      body: { role: 'uploader', quota: null },
    });
    const wrong = (body: object) => ask('POST', '/accounts', { body });
    expect(await wrong({ ...zoe, name: 'ZOË@example.com' })).toMatchObject(problem('name-taken', 409));
    expect(await wrong({ name: 'a/b', password: 'x' })).toMatchObject(problem('malformed', 400));
    expect(await wrong({ name: 'new', password: '' })).toMatchObject(problem('malformed', 400));
    expect(await wrong({ name: 'new', password: 'x', role: 'king' })).toMatchObject(problem('malformed', 400));
    expect(await wrong({ name: 'new', password: 'x', quota: -1 })).toMatchObject(problem('malformed', 400));
    expect(await wrong({ name: 'new', password: 'x', admin: true })).toMatchObject(problem('malformed', 400));
    expect(await desk.app.accounts.find('new')).toBeUndefined();
  });

  it('change role and quota, each alone or together', async () => {
    const { ask } = desk.as('root');
    const change = (body: object) => ask('PATCH', '/accounts/ALICE', { body });
    expect(await change({ quota: 5 })).toMatchObject({ status: 200, body: { role: 'uploader', quota: 5 } });
    expect(await change({ role: 'viewer' })).toMatchObject({ status: 200, body: { role: 'viewer', quota: 5 } });
    expect(await change({ role: 'admin', quota: null })).toMatchObject({ body: { role: 'admin', quota: null } });
    expect(await change({ name: 'x' })).toMatchObject(problem('malformed', 400));
    expect(await ask('PATCH', '/accounts/nobody', { body: {} })).toMatchObject(problem('no-such-account', 404));
  });

  it('remove accounts, whose sessions and keys end with them', async () => {
    const alice = await desk.login('alice');
    const { secret } = await desk.app.accounts.addKey('alice');
    const { ask } = desk.as('root');
    expect((await ask('DELETE', '/accounts/alice')).status).toBe(204);
    expect((await alice.ask('GET', '/session')).status).toBe(401);
    const headers = { authorization: `Bearer ${secret}` };
    expect((await desk.ask('GET', '/session', { headers })).status).toBe(401);
    expect(await ask('DELETE', '/accounts/alice')).toMatchObject(problem('no-such-account', 404));
  });

  it('never leave the server without one', async () => {
    const { ask } = desk.as('root');
    expect((await ask('DELETE', '/accounts/admin')).status).toBe(204);
    for (const told of [
      await ask('DELETE', '/accounts/root'),
      await ask('PATCH', '/accounts/root', { body: { role: 'uploader' } }),
    ]) {
      expect(told).toMatchObject(problem('malformed', 400));
      expect(told.body.title).toBe('"root" is the last administrator: make another account one first.');
    }
    expect((await ask('PATCH', '/accounts/root', { body: { quota: 10, role: 'admin' } })).status).toBe(200);
    expect((await ask('PATCH', '/accounts/alice', { body: { role: 'admin' } })).status).toBe(200);
    expect((await ask('PATCH', '/accounts/root', { body: { role: 'viewer' } })).status).toBe(200);
    expect((await ask('GET', '/accounts')).body.accounts).toHaveLength(1);
  });

  it('set passwords without knowing them, which ends the sessions', async () => {
    const bob = await desk.login('bob');
    const { ask } = desk.as('root');
    expect((await ask('PUT', '/accounts/bob/password', { body: { password: 'new' } })).status).toBe(204);
    expect((await bob.ask('GET', '/session')).status).toBe(401);
    await desk.login('bob', 'new');
  });
});

describe('everybody else', () => {
  it.each([
    ['POST', '/accounts', { name: 'new', password: 'x' }],
    ['PATCH', '/accounts/alice', { role: 'admin' }],
    ['PATCH', '/accounts/alice', { quota: null }],
    ['DELETE', '/accounts/bob', undefined],
  ])('may not %s %s', async (method, path, body) => {
    const { ask } = await desk.login('alice');
    expect(await ask(method, path, body === undefined ? {} : { body })).toMatchObject(problem('forbidden', 403));
  });

  it.each([
    ['PUT', '/password', { password: 'x', current: 'secret' }],
    ['GET', '/keys', undefined],
    ['POST', '/keys', {}],
    ['DELETE', '/keys/any', undefined],
  ])('cannot tell another’s account from one that is not there: %s %s', async (method, path, body) => {
    const { ask } = desk.as('alice');
    const told = await Promise.all(
      ['bob', 'nobody', 'a%2Fb'].map((name) =>
        ask(method, `/accounts/${name}${path}`, body === undefined ? {} : { body }),
      ),
    );
    for (const each of told) expect(each).toMatchObject(problem('no-such-account', 404));
    expect(new Set(told.map(({ text }) => text)).size).toBe(1);
  });

  it('change their own password, saying the one until now', async () => {
    const { ask } = await desk.login('alice');
    const change = (body: object) => ask('PUT', '/accounts/alice/password', { body });
    const { secret } = await desk.app.accounts.addKey('alice');
    const key = (await ask('POST', '/session/key')).body.secret;
    for (const current of [undefined, '', 'wrong', secret, key])
      expect(await change({ password: 'new', current })).toMatchObject(problem('wrong-password', 403));
    expect(await change({ password: '', current: 'secret' })).toMatchObject(problem('malformed', 400));
    expect((await change({ password: 'new', current: 'secret' })).status).toBe(204);
    expect((await ask('GET', '/session')).status).toBe(401);
    await desk.login('alice', 'new');
    await expect(desk.login('alice', 'secret')).rejects.toThrow('401');
  });

  it('so do administrators their own', async () => {
    const { ask } = desk.as('root');
    expect(await ask('PUT', '/accounts/root/password', { body: { password: 'new' } })).toMatchObject(
      problem('wrong-password', 403),
    );
  });
});

describe('API keys', () => {
  it('are made, listed without their secrets, and removed, by their account', async () => {
    const { ask } = await desk.login('alice');
    const made = await ask('POST', '/accounts/alice/keys', { body: { label: 'Backup at night' } });
    expect(made).toMatchObject({ status: 200, body: { secret: expect.stringMatching(/^lsk_\w+_[0-9a-f]{48}$/) } });
    const { id, secret } = made.body;
    const listed = await ask('GET', '/accounts/alice/keys');
    expect(listed.body).toEqual({ keys: [{ id, label: 'Backup at night', createdAt: desk.clock.now() }] });
    expect(listed.text).not.toContain(secret.split('_')[2]);
    const headers = { authorization: `Bearer ${secret}` };
    expect((await desk.ask('GET', '/session', { headers })).body).toMatchObject({ account: 'alice' });
    expect((await ask('DELETE', `/accounts/alice/keys/${id}`)).status).toBe(204);
    expect((await desk.ask('GET', '/session', { headers })).status).toBe(401);
    expect(await ask('DELETE', `/accounts/alice/keys/${id}`)).toMatchObject(problem('no-such-key', 404));
  });

  it('are removed by the path of their own account alone', async () => {
    const { id, secret } = await desk.app.accounts.addKey('bob');
    for (const name of ['alice', 'root'])
      expect(await desk.as(name).ask('DELETE', `/accounts/${name}/keys/${id}`)).toMatchObject(
        problem('no-such-key', 404),
      );
    await desk.app.accounts.verifyKey(secret);
    expect((await desk.as('root').ask('DELETE', `/accounts/bob/keys/${id}`)).status).toBe(204);
  });
});

describe('limits', () => {
  it('are those of account, store and protocols', async () => {
    await desk.close();
    desk = await openDesk({ flags: { 'quota-largest-file': '500', 'store-memory-limit': '10000' } });
    await desk.app.accounts.amend('alice', { quota: 800 });
    await upload('alice', 10, 100);
    const { status, body } = await desk.as('alice').ask('GET', '/limits');
    expect(status).toBe(200);
    expect(body).toMatchObject({ maxSize: 500, free: 700 });
    const about = (await desk.ask('GET', '/about')).body;
    expect(Object.keys(body.dialects)).toEqual(about.dialects.map(({ name }: { name: string }) => name));
    for (const each of Object.values(body.dialects))
      expect(each).toEqual({ maxSize: expect.toSatisfy(isBound), endings: expect.toSatisfy(isEndings) });
    expect((await desk.ask('GET', '/limits')).status).toBe(401);
  });
});

const isBound = (value: unknown): boolean => value === null || (Number.isSafeInteger(value) && Number(value) > 0);
const isEndings = (value: unknown): boolean =>
  value === null || (Array.isArray(value) && value.every((each) => /^[a-z0-9]+$/.test(String(each))));
