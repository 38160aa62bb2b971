import { expect, test } from 'vitest';
import { failingHosts } from './failing-hosts.js';

test('a host that has failed 25 times in a row is left alone for 30 s, and then at every further failure', () => {
  let now = 1000;
  const hosts = failingHosts({ now: () => now });
  for (let failures = 1; failures < 25; failures += 1) hosts.failed('down.example');
  expect(hosts.isSkipped('down.example')).toBe(false);
  hosts.failed('down.example');
  expect([hosts.isSkipped('down.example'), hosts.isSkipped('up.example')]).toEqual([true, false]);
  now += 29_999;
  expect(hosts.isSkipped('down.example')).toBe(true);
  now += 1;
  expect(hosts.isSkipped('down.example')).toBe(false);
  hosts.failed('down.example');
  expect(hosts.isSkipped('down.example')).toBe(true);
});

test('one answer makes up for all failures', () => {
  const hosts = failingHosts({ now: () => 0 });
  for (let failures = 1; failures < 25; failures += 1) hosts.failed('shaky.example');
  hosts.worked('shaky.example');
  hosts.failed('shaky.example');
  expect(hosts.isSkipped('shaky.example')).toBe(false);
});

test('no more than a thousand are remembered, so that strangers cannot fill the memory', () => {
  const hosts = failingHosts({ now: () => 0 });
  for (let failures = 0; failures < 25; failures += 1) hosts.failed('first.example');
  for (let other = 0; other < 999; other += 1) hosts.failed(`${other}.example`);
  expect(hosts.isSkipped('first.example')).toBe(true);
  hosts.failed('last.example');
  expect(hosts.isSkipped('first.example')).toBe(false);
});
