import { expect, test } from 'vitest';
import { senderOf, trustedProxies } from './forwarded.js';

const trusts = trustedProxies(['loopback', '10.0.0.0/8', '2001:db8:1::/48']);
const from = (address: string, headers: Record<string, string>) =>
  senderOf({ address, encrypted: false, headers: { host: 'inner:8480', ...headers } }, trusts);

test('a stranger is not believed', () => {
  expect(
    from('192.0.2.9', {
      'x-forwarded-for': '198.51.100.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=198.51.100.1;proto=https',
    }),
  ).toEqual({ remote: '192.0.2.9', scheme: 'http', host: 'inner:8480' });
});

test('a trusted proxy is, also over an IPv4 address on an IPv6 socket', () => {
  const headers = { 'x-forwarded-for': '198.51.100.1', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'up.example' };
  const sender = { remote: '198.51.100.1', scheme: 'https', host: 'up.example' };
  expect(from('127.0.0.1', headers)).toEqual(sender);
  expect(from('::ffff:10.1.2.3', headers)).toEqual(sender);
});

test('what the client itself put in front is not believed', () => {
  expect(from('127.0.0.1', { 'x-forwarded-for': '203.0.113.7, 198.51.100.1, 10.0.0.5' }).remote).toBe('198.51.100.1');
  expect(
    from('127.0.0.1', {
      'x-forwarded-for': '203.0.113.7, 198.51.100.1',
      'x-forwarded-host': 'evil.example, up.example',
      'x-forwarded-proto': 'http, https',
    }),
  ).toEqual({ remote: '198.51.100.1', scheme: 'https', host: 'up.example' });
});

test('Forwarded, as RFC 7239 §4 writes it, goes before the X- family', () => {
  expect(
    from('127.0.0.1', {
      forwarded: 'For="[2001:db8:cafe::17]:4711";Proto=https;Host="up.example:8443", for=10.0.0.9;by=203.0.113.60',
      'x-forwarded-for': '192.0.2.1',
    }),
  ).toEqual({ remote: '2001:db8:cafe::17', scheme: 'https', host: 'up.example:8443' });
  expect(from('127.0.0.1', { forwarded: 'for=192.0.2.60:80;proto=http;by=203.0.113.43' }).remote).toBe('192.0.2.60');
  expect(from('127.0.0.1', { forwarded: 'for=_hidden' }).remote).toBe('127.0.0.1');
});

test('a port of its own, and no default port', () => {
  expect(from('127.0.0.1', { 'x-forwarded-host': 'up.example', 'x-forwarded-port': '8443' }).host).toBe(
    'up.example:8443',
  );
  expect(
    from('127.0.0.1', { 'x-forwarded-host': 'up.example', 'x-forwarded-port': '443', 'x-forwarded-proto': 'https' })
      .host,
  ).toBe('up.example');
});

test('a host that is none is left out', () => {
  for (const host of ['a/b', 'a b', '"><script>', 'a@b', '', 'a:b'])
    expect(senderOf({ address: '192.0.2.9', encrypted: true, headers: { host } }, trusts).host, host).toBeUndefined();
  expect(senderOf({ address: '192.0.2.9', encrypted: true, headers: { host: '[::1]:443' } }, trusts).host).toBe(
    '[::1]',
  );
});

test('a network that is none is refused at the start', () => {
  expect(() => trustedProxies(['example.com'])).toThrow('example.com');
  expect(() => trustedProxies(['10.0.0.0/99'])).toThrow();
});
