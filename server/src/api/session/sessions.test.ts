import { expect, test } from 'vitest';
import { manualClock } from '../../kit/clock.js';
import { countingIds } from '../../kit/ids.js';
import { silentLog } from '../../kit/log.js';
import { defaultsOf } from '../../kit/options.js';
import { openMemoryLedger } from '../../ledgers/memory/ledger.js';
import { isKey } from '../../services/accounts/keys.js';
import { openAccounts } from '../../services/accounts/open.js';
import { accountsOptions } from '../../services/accounts/options.js';
import { csrfOf, keyOf, openSessions } from './sessions.js';

const hour = 3_600_000;

const world = async () => {
  const ledger = await openMemoryLedger();
  const clock = manualClock();
  const ids = countingIds();
  const options = { ...defaultsOf(accountsOptions), passwordCost: 4 };
  const accounts = openAccounts({ ledger, clock, ids, log: silentLog, options });
  const jo = await accounts.add({ name: 'jo', password: 'secret' });
  const sessions = openSessions({ ledger, accounts, clock, ids }, { sessionHours: 1, sessionDays: 1 });
  const facts = async () => JSON.stringify(await ledger.read((reader) => reader.list({ prefix: 'session' })));
  return { clock, jo, sessions, facts };
};

test('the ledger holds neither the secret nor the key', async () => {
  const { jo, sessions, facts } = await world();
  const { secret } = await sessions.begin(jo, null);
  const told = await facts();
  expect(told).toContain('"account":"jo"');
  expect(told).not.toContain(secret);
  for (const part of keyOf(secret).split('_').slice(1)) expect(told).not.toContain(part);
  expect(told).not.toContain(csrfOf(secret));
});

test('the key looks like an API key, and finds the session', async () => {
  const { jo, sessions } = await world();
  const { secret } = await sessions.begin(jo, null);
  expect(isKey(keyOf(secret))).toBe(true);
  expect((await sessions.findByKey(keyOf(secret)))?.account.name).toBe('jo');
  expect(await sessions.find(keyOf(secret))).toBeUndefined();
  expect(await sessions.findByKey(secret)).toBeUndefined();
});

test('what has ended is swept away, what is used is not', async () => {
  const { clock, jo, sessions, facts } = await world();
  const used = await sessions.begin(jo, null);
  await sessions.begin(jo, null);
  clock.advance(hour / 2);
  await sessions.find(used.secret);
  clock.advance(hour / 2);
  expect(await sessions.sweep.run(new AbortController().signal)).toBe(false);
  expect(JSON.parse(await facts())).toHaveLength(2);
  expect(await sessions.find(used.secret)).toBeDefined();
  clock.advance(24 * hour);
  await sessions.sweep.run(new AbortController().signal);
  expect(await facts()).toBe('[]');
});
