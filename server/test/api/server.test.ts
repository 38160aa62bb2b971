import { once } from 'node:events';
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it, vi } from 'vitest';
import type { Log } from '../../src/kit/log.js';
import { basic, type Desk, openDesk } from './desk.js';

let desk: Desk | undefined;
afterEach(async () => {
  await desk?.close();
  desk = undefined;
});

/** A log that keeps every word. */
const keeping = (): { log: Log; lines: string[] } => {
  const lines: string[] = [];
  const keep = (facts: object, message: string): void => {
    const errors = Object.values(facts).filter((each) => each instanceof Error);
    lines.push([message, JSON.stringify(facts), ...errors.map(({ stack = '' }) => stack)].join(' '));
  };
  return { log: { debug: keep, info: keep, warn: keep, error: keep }, lines };
};

it('what breaks is logged, and told to nobody', async () => {
  const { log, lines } = keeping();
  desk = await openDesk({ log });
  vi.spyOn(desk.app.accounts, 'list').mockRejectedValue(new Error('the disk is on fire'));
  const told = await desk.as('root').ask('GET', '/accounts');
  expect(told).toMatchObject({ status: 500, body: { type: 'urn:longshore:internal', status: 500 } });
  expect(told.headers.get('content-type')).toBe('application/problem+json');
  expect(told.text).not.toContain('fire');
  expect(lines.filter((line) => line.includes('the disk is on fire'))).toHaveLength(1);
});

it('no secret is logged, neither a right one nor a wrong one', async () => {
  const { log, lines } = keeping();
  desk = await openDesk({ log });
  const { clock } = desk;
  const visitor = await desk.login('alice');
  const { ask } = visitor;
  const secrets = ['open sesame', 'abracadabra', visitor.cookie.replace(/.*=/, ''), visitor.csrf];
  secrets.push((await ask('POST', '/session/key')).body.secret);
  secrets.push((await ask('POST', '/accounts/alice/keys', { body: {} })).body.secret);
  await desk.ask('POST', '/session', { body: { name: 'alice', password: 'open sesame' } });
  await desk.ask('POST', '/session', { body: { name: 'open sesame', password: 'open sesame' } });
  await desk.ask('POST', '/session', { body: { name: 'alice', password: ['open sesame'] } });
  for (const secret of secrets) {
    await desk.ask('GET', '/session', { headers: { authorization: `Bearer ${secret}` } });
    await desk.ask('GET', '/session', { headers: { cookie: `longshore-session=${secret}` } });
  }
  await ask('PUT', '/accounts/alice/password', { body: { password: 'abracadabra', current: 'open sesame' } });
  clock.advance(10_000);
  await ask('PUT', '/accounts/alice/password', { body: { password: 'abracadabra', current: 'secret' } });
  await desk.login('alice', 'abracadabra');
  await visitor.ask('DELETE', '/session');
  await desk.close();
  desk = undefined;
  expect(lines.length).toBeGreaterThan(20);
  const all = lines.join('\n');
  for (const secret of secrets) {
    expect(all).not.toContain(secret);
    // Of an API key its id may be told.
    expect(all).not.toContain(secret.split('_').at(-1));
  }
});

it('everything says that it is not to be kept, guessed at or framed', async () => {
  desk = await openDesk();
  const all = [
    await desk.ask('GET', '/about'),
    await desk.ask('GET', '/openapi.json'),
    await desk.ask('GET', '/nothing'),
    await desk.ask('GET', '/session'),
    await desk.ask('PATCH', '/session'),
    await desk.as('alice').ask('GET', '/limits'),
    await desk.as('alice').ask('DELETE', '/session'),
  ];
  expect(all.map(({ status }) => status)).toEqual([200, 200, 404, 401, 405, 200, 204]);
  for (const { headers } of all) {
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  }
});

it('a server that stops takes nothing more: neither logins nor questions', async () => {
  desk = await openDesk();
  const { app, url } = desk;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const begin = (method: string, path: string, more: RequestOptions = {}) => {
    const headers = { authorization: basic('alice'), 'content-type': 'application/json', ...more.headers };
    const begun = request(`${url}/api${path}`, { ...more, method, headers });
    const answer = new Promise<IncomingMessage>((resolve, reject) => begun.on('response', resolve).on('error', reject));
    return { begun, answer };
  };
  const first = begin('GET', '/session', { agent });
  first.begun.end();
  await text(await first.answer);
  // One that runs keeps the server up, and is let go on to its end.
  const running = begin('POST', '/accounts/alice/keys', { headers: { expect: '100-continue' } });
  running.begun.flushHeaders();
  await once(running.begun, 'continue');
  const drained = app.drain();
  const late = begin('GET', '/session', { agent });
  late.begun.end();
  const refused = await late.answer;
  expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '5']);
  expect(refused.headers['content-type']).toMatch(/^text\/plain/);
  await text(refused);
  running.begun.end('{}');
  const made = await running.answer;
  expect(made.statusCode).toBe(200);
  await text(made);
  await drained;
  agent.destroy();
});
