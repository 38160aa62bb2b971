import { expect, test } from 'vitest';
import type { Ledger } from '../../engine/ports.js';
import { type ManualClock, manualClock } from '../../kit/clock.js';
import { countingIds } from '../../kit/ids.js';
import { type Log, silentLog } from '../../kit/log.js';
import { defaultsOf } from '../../kit/options.js';
import { openMemoryLedger } from '../../ledgers/memory/ledger.js';
import { openAccounts } from './open.js';
import { type AccountsOptions, accountsOptions } from './options.js';
import { accountShelf } from './records.js';

/** A clock on which every sleep is over at once, and which notes them. */
const eagerClock = (): ManualClock & { slept: number[] } => {
  const clock = manualClock();
  const slept: number[] = [];
  return {
    ...clock,
    slept,
    sleep: async (ms) => {
      slept.push(ms);
      clock.advance(ms);
    },
  };
};

const world = async (changes: Partial<AccountsOptions> = {}, log: Log = silentLog) => {
  const ledger = await openMemoryLedger();
  const clock = eagerClock();
  const ids = countingIds();
  const options = { ...defaultsOf(accountsOptions), passwordCost: 4, ...changes };
  const open = (more: Partial<AccountsOptions> = {}) =>
    openAccounts({ ledger, clock, ids, log, options: { ...options, ...more } });
  return { ledger, clock, ids, open, accounts: open() };
};

const basic = (name: string, password: string) => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
const wrong = { kind: 'unauthenticated', facts: { reason: 'wrong' } };

test('names are unique without regard to case, and keep theirs', async () => {
  const { accounts } = await world();
  await accounts.add({ name: 'Jo@Example.com', password: 'secret' });
  await expect(accounts.add({ name: 'jo@example.COM', password: 'x' })).rejects.toMatchObject({ kind: 'name-taken' });
  expect(await accounts.find('JO@example.com')).toEqual({
    name: 'Jo@Example.com',
    role: 'uploader',
    createdAt: Date.UTC(2026, 0, 1),
    quota: null,
  });
  expect((await accounts.verify('jo@EXAMPLE.com', 'secret')).account.name).toBe('Jo@Example.com');
});

test.each(['', ' jo', 'jo ', 'a:b', 'acme/jo', 'a\nb', 'x'.repeat(201), '\ud800', '.', '..', '日'.repeat(86)])(
  'the name %j is refused',
  async (name) => {
    const { accounts } = await world();
    await expect(accounts.add({ name, password: 'secret' })).rejects.toMatchObject({ kind: 'malformed' });
    await expect(accounts.verify(name, 'secret')).rejects.toMatchObject(wrong);
    expect(await accounts.find(name)).toBeUndefined();
  },
);

test.each(['Zoë', '日本', "o'neil", 'a%2Fb', 'x'.repeat(200), 'a b'])('the name %j is fine', async (name) => {
  const { accounts } = await world();
  await accounts.add({ name, password: 'secret' });
  expect((await accounts.verify(name, 'secret')).account.name).toBe(name);
  expect(await accounts.list()).toHaveLength(1);
});

test('an empty password, an unknown role and a broken quota are refused', async () => {
  const { accounts } = await world();
  const malformed = { kind: 'malformed' };
  await expect(accounts.add({ name: 'a', password: '' })).rejects.toMatchObject(malformed);
  await expect(accounts.add({ name: 'a', password: 'x'.repeat(1025) })).rejects.toMatchObject(malformed);
  const role = JSON.parse('"king"');
  await expect(accounts.add({ name: 'a', password: 'x', role })).rejects.toMatchObject(malformed);
  await expect(accounts.add({ name: 'a', password: 'x', quota: -1 })).rejects.toMatchObject(malformed);
  await expect(accounts.setPassword('nobody', 'x')).rejects.toMatchObject(malformed);
  await expect(accounts.addKey('nobody')).rejects.toMatchObject(malformed);
});

test('a role says what its account may do', async () => {
  const { accounts } = await world();
  await accounts.add({ name: 'c', password: 'x', role: 'contributor' });
  const caller = await accounts.verify('c', 'x');
  expect([caller.may('upload'), caller.may('view'), caller.may('update')]).toEqual([true, true, false]);
  expect(() => caller.need('delete')).toThrow(
    expect.objectContaining({ kind: 'forbidden', facts: { permission: 'delete' } }),
  );
  await accounts.amend('c', { role: 'admin', quota: 5 });
  const raised = await accounts.verify('c', 'x');
  expect([raised.may('admin'), raised.account.quota]).toEqual([true, 5]);
});

test('a changed password ends the old one in every process, also where it is remembered', async () => {
  const { accounts, open } = await world();
  const other = open();
  await accounts.add({ name: 'jo', password: 'old' });
  await other.verify('jo', 'old');
  await accounts.setPassword('JO', 'new');
  await expect(other.verify('jo', 'old')).rejects.toMatchObject(wrong);
  await other.verify('jo', 'new');
  await accounts.remove('jo');
  await expect(other.verify('jo', 'new')).rejects.toMatchObject(wrong);
  await accounts.add({ name: 'jo', password: 'old' });
  await expect(other.verify('jo', 'new')).rejects.toMatchObject(wrong);
});

test('what the ledger keeps holds no password', async () => {
  const { accounts, ledger } = await world();
  await accounts.add({ name: 'jo', password: 'hunter2' });
  const { secret } = await accounts.addKey('jo');
  const all = JSON.stringify(await ledger.read((facts) => facts.list({ prefix: 'account' })));
  expect(all).not.toContain('hunter2');
  expect(all).not.toContain(secret.slice(-48));
});

test('a verified pair is remembered, so that wrong ones of others do not slow it down', async () => {
  const { accounts, clock } = await world();
  await accounts.add({ name: 'jo', password: 'right' });
  await accounts.verify('jo', 'right');
  for (const guess of ['a', 'b', 'c', 'd', 'e', 'f'])
    await expect(accounts.verify('jo', guess)).rejects.toMatchObject(wrong);
  const before = clock.slept.length;
  await accounts.verify('jo', 'right');
  expect(clock.slept).toHaveLength(before);
});

test('it is remembered for as long as the option says', async () => {
  const { accounts, ledger, clock } = await world({ rememberSeconds: 60 });
  await accounts.add({ name: 'jo', password: 'right' });
  const breakHash = () =>
    ledger.transact(async (facts) => {
      const record = await accountShelf.get(facts, 'jo');
      // Same salt and hash, so that the pair is known; but a check of it would now fail.
      if (record) accountShelf.put(facts, 'jo', { ...record, password: { ...record.password, n: 2 } });
    });
  await accounts.verify('jo', 'right');
  await breakHash();
  clock.advance(59_999);
  await accounts.verify('jo', 'right');
  clock.advance(1);
  await expect(accounts.verify('jo', 'right')).rejects.toMatchObject(wrong);
});

test.each(['jo', 'nobody'])('wrong passwords of one name are slowed down more and more: %s', async (name) => {
  const { accounts, clock } = await world();
  await accounts.add({ name: 'jo', password: 'right' });
  await accounts.add({ name: 'al', password: 'right' });
  for (let i = 0; i < 11; i += 1) await expect(accounts.verify(name, `guess ${i}`)).rejects.toMatchObject(wrong);
  expect(clock.slept).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  await accounts.verify('al', 'right');
  expect(clock.slept).toHaveLength(8);
});

test('the right password has to wait too, and then ends the slowness; so does a quarter of an hour', async () => {
  const { accounts, clock } = await world({ rememberSeconds: 0 });
  await accounts.add({ name: 'jo', password: 'right' });
  const guess = () => expect(accounts.verify('jo', 'guess')).rejects.toMatchObject(wrong);
  for (let i = 0; i < 4; i += 1) await guess();
  clock.advance(100);
  await accounts.verify('jo', 'right');
  expect(clock.slept).toEqual([250, 400]);
  for (let i = 0; i < 4; i += 1) await guess();
  clock.advance(15 * 60_000);
  await guess();
  expect(clock.slept).toEqual([250, 400, 250]);
});

test('many guesses at once of one name are not all looked at', async () => {
  const { accounts } = await world();
  await accounts.add({ name: 'jo', password: 'guess 7' });
  const guesses = Array.from({ length: 8 }, (_, i) => accounts.verify('jo', `guess ${i}`));
  const results = await Promise.allSettled(guesses);
  expect(results.every(({ status }) => status === 'rejected')).toBe(true);
});

test('many calls at once with one password cost one check', async () => {
  const { accounts } = await world();
  await accounts.add({ name: 'jo', password: 'right' });
  // More than may wait for one name.
  const callers = await Promise.all(Array.from({ length: 60 }, () => accounts.verify('jo', 'right')));
  expect(callers).toHaveLength(60);
});

test('a hash of lower cost is made anew at the next login', async () => {
  const { accounts, open, ledger } = await world();
  const cost = () => ledger.read(async (facts) => (await accountShelf.get(facts, 'jo'))?.password.n);
  await accounts.add({ name: 'jo', password: 'right' });
  expect(await cost()).toBe(16);
  const dearer = open({ passwordCost: 5 });
  await expect(dearer.verify('jo', 'wrong')).rejects.toMatchObject(wrong);
  expect(await cost()).toBe(16);
  await dearer.verify('jo', 'right');
  expect(await cost()).toBe(32);
  await dearer.verify('jo', 'right');
  await accounts.verify('jo', 'right');
});

test('the default cost works', async () => {
  const { accounts } = await world({ passwordCost: 15 });
  await accounts.add({ name: 'jo', password: 'right' });
  await accounts.verify('jo', 'right');
});

test('API keys: shown once, listed without the secret, ended by removal of key or account', async () => {
  const { accounts, clock } = await world();
  await accounts.add({ name: 'jo', password: 'x' });
  const first = await accounts.addKey('Jo', 'laptop');
  const second = await accounts.addKey('jo');
  expect(first.secret).toMatch(/^lsk_[0-9a-z]{26}_[0-9a-f]{48}$/);
  expect(await accounts.listKeys('jo')).toEqual([
    { id: first.id, label: 'laptop', createdAt: clock.now() },
    { id: second.id, label: '', createdAt: clock.now() },
  ]);
  expect((await accounts.verifyKey(first.secret)).account.name).toBe('jo');
  const swapped = `${first.secret.slice(0, -48)}${second.secret.slice(-48)}`;
  await expect(accounts.verifyKey(swapped)).rejects.toMatchObject(wrong);
  await expect(accounts.verifyKey('lsk_x')).rejects.toMatchObject(wrong);
  await accounts.removeKey(first.id);
  await accounts.removeKey('no such/key');
  await expect(accounts.verifyKey(first.secret)).rejects.toMatchObject(wrong);
  await accounts.remove('jo');
  await accounts.add({ name: 'jo', password: 'x' });
  await expect(accounts.verifyKey(second.secret)).rejects.toMatchObject(wrong);
  expect(await accounts.listKeys('jo')).toEqual([]);
});

test('an account has at most a thousand API keys', async () => {
  const { accounts } = await world();
  for (const name of ['jo', 'ann']) await accounts.add({ name, password: 'secret' });
  const { id } = await accounts.addKey('jo');
  for (let each = 1; each < 1000; each += 1) await accounts.addKey('jo');
  await expect(accounts.addKey('jo')).rejects.toMatchObject({ kind: 'malformed' });
  await accounts.addKey('ann');
  await accounts.removeKey(id);
  await accounts.addKey('jo');
});

test('authorize reads Basic and Bearer', async () => {
  const { accounts } = await world();
  await accounts.add({ name: 'jo@example.com', password: 'päss:wörd' });
  const { secret } = await accounts.addKey('jo@example.com');
  const nameOf = async (header: string) => (await accounts.authorize(header)).account.name;
  expect(await nameOf(basic('jo@example.com', 'päss:wörd'))).toBe('jo@example.com');
  expect(await nameOf(basic('jo@example.com', 'päss:wörd').replace('Basic', 'bASIC '))).toBe('jo@example.com');
  const latin = Buffer.from('jo@example.com:päss:wörd', 'latin1').toString('base64');
  expect(await nameOf(`Basic ${latin}`)).toBe('jo@example.com');
  expect(await nameOf(basic('whoever', secret))).toBe('jo@example.com');
  expect(await nameOf(`Bearer ${secret}`)).toBe('jo@example.com');
  for (const header of ['Bearer x', 'Basic', 'Basic !!!', 'Digest x="y"', 'Bearer a b', `Basic ${btoa('nocolon')}`])
    await expect(accounts.authorize(header)).rejects.toMatchObject(wrong);
});

test('without credentials: refused, or the anonymous account', async () => {
  const { accounts, open } = await world();
  const missing = { kind: 'unauthenticated', facts: { reason: 'missing' } };
  await expect(accounts.authorize(undefined)).rejects.toMatchObject(missing);
  const lenient = open({ anonymous: 'guest' });
  await expect(lenient.authorize(undefined)).rejects.toMatchObject(missing);
  await accounts.add({ name: 'Guest', password: 'x', role: 'contributor' });
  expect((await lenient.authorize(undefined)).account.name).toBe('Guest');
  await expect(lenient.authorize(basic('guest', 'no'))).rejects.toMatchObject(wrong);
});

test('the first start makes an admin, once, also when two processes start', async () => {
  const { open, accounts } = await world();
  const made = await Promise.all([accounts.ensureFirst(), open().ensureFirst()]);
  const [first] = made.filter((each) => each !== null);
  expect(made.filter((each) => each !== null)).toHaveLength(1);
  expect(first?.name).toBe('admin');
  expect((await accounts.verify('admin', first?.password ?? '')).may('admin')).toBe(true);
  expect(await accounts.ensureFirst()).toBeNull();
});

test('no secret is logged', async () => {
  const lines: string[] = [];
  const keep = (facts: object, message: string) => {
    lines.push(`${message} ${JSON.stringify(facts)}`);
  };
  const { accounts } = await world({}, { debug: keep, info: keep, warn: keep, error: keep });
  await accounts.add({ name: 'jo', password: 'hunter2' });
  await accounts.verify('jo', 'hunter3').catch(() => undefined);
  // Somebody types the password into the name's field.
  await accounts.verify('hunter2', 'jo').catch(() => undefined);
  const { secret } = await accounts.addKey('jo');
  await accounts.setPassword('jo', 'hunter4');
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.join('\n')).not.toMatch(/hunter/);
  expect(lines.join('\n')).not.toContain(secret);
});

test('a ledger that fails is no wrong password', async () => {
  const { ledger, clock, ids } = await world();
  const broken: Ledger = { ...ledger, read: () => Promise.reject(new Error('disk gone')) };
  const accounts = openAccounts({ ledger: broken, clock, ids, log: silentLog, options: defaultsOf(accountsOptions) });
  await expect(accounts.verify('jo', 'x')).rejects.toThrow('disk gone');
});

test('an API key is as good as the password of its account, and of no other, for as long as it is kept', async () => {
  const { accounts } = await world();
  await accounts.add({ name: 'Jo', password: 'secret' });
  await accounts.add({ name: 'bo', password: 'secret' });
  const { id, secret } = await accounts.addKey('jo');
  expect((await accounts.verify('JO', secret)).account.name).toBe('Jo');
  await expect(accounts.verify('bo', secret)).rejects.toMatchObject(wrong);
  await expect(accounts.verify('nobody', secret)).rejects.toMatchObject(wrong);
  await expect(
    accounts.verify(
      'jo',
      secret.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    ),
  ).rejects.toMatchObject(wrong);
  expect(await accounts.hasKey(id)).toBe(true);
  await accounts.removeKey(id);
  expect(await accounts.hasKey(id)).toBe(false);
  await expect(accounts.verify('jo', secret)).rejects.toMatchObject(wrong);
});

test('wrong API keys in place of a password slow their name down as wrong passwords do; a right one does not wait', async () => {
  const { accounts, clock } = await world();
  await accounts.add({ name: 'jo', password: 'secret' });
  const { secret } = await accounts.addKey('jo');
  const forged = `lsk_${'0'.repeat(26)}_${'0'.repeat(48)}`;
  for (let count = 0; count < 3; count += 1) await expect(accounts.verify('jo', forged)).rejects.toMatchObject(wrong);
  expect(clock.slept).toEqual([]);
  await expect(accounts.verify('jo', forged)).rejects.toMatchObject(wrong);
  expect(clock.slept).toEqual([250]);
  await accounts.verify('jo', secret);
  expect(clock.slept).toEqual([250]);
  await accounts.verify('jo', 'secret');
  expect(clock.slept).toEqual([250, 500]);
});

test('no password looks like an API key', async () => {
  const { accounts } = await world();
  await accounts.add({ name: 'jo', password: 'secret' });
  const { secret } = await accounts.addKey('jo');
  const malformed = { kind: 'malformed' };
  await expect(accounts.setPassword('jo', secret)).rejects.toMatchObject(malformed);
  await expect(accounts.add({ name: 'bo', password: secret })).rejects.toMatchObject(malformed);
});

test('what looks like an API key may be one of somebody else’s keeping', async () => {
  const { accounts } = await world();
  const jo = await accounts.add({ name: 'jo', password: 'secret' });
  const lent = `lsk_lent_${'1'.repeat(48)}`;
  const asked: string[] = [];
  accounts.honour(async (secret) => {
    asked.push(secret);
    return secret === lent ? jo : undefined;
  });
  expect((await accounts.verifyKey(lent)).account.name).toBe('jo');
  expect((await accounts.verify('jo', lent)).account.name).toBe('jo');
  expect((await accounts.authorize(`Bearer ${lent}`)).account.name).toBe('jo');
  await expect(accounts.verifyKey(`lsk_lent_${'2'.repeat(48)}`)).rejects.toMatchObject(wrong);
  await accounts.verifyKey((await accounts.addKey('jo')).secret);
  await expect(accounts.verifyKey('anything')).rejects.toMatchObject(wrong);
  expect(asked).not.toContain('anything');
  expect(asked).toHaveLength(4);
});

test('the last administrator is neither removed nor made anything less', async () => {
  const { accounts } = await world();
  await accounts.add({ name: 'Ann', password: 'secret', role: 'admin' });
  await accounts.add({ name: 'bo', password: 'secret' });
  const refused = { kind: 'malformed', facts: { reason: expect.stringMatching(/^"Ann" is the last administrator/) } };
  await expect(accounts.remove('ann')).rejects.toMatchObject(refused);
  await expect(accounts.amend('ANN', { role: 'uploader' })).rejects.toMatchObject(refused);
  expect(await accounts.find('ann')).toMatchObject({ role: 'admin' });
  await accounts.amend('ann', { role: 'admin', quota: 1 });
  await accounts.amend('bo', { role: 'admin' });
  const both = await Promise.allSettled([accounts.remove('ann'), accounts.remove('bo')]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await accounts.list()).toEqual([expect.objectContaining({ role: 'admin' })]);
});
