import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ConfigError, configOf, dialectsOf, loadConfig, printConfig } from './config.js';
import * as dialects from './dialects/index.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-'));
});

afterAll(() => rm(folder, { recursive: true }));

const file = (content: unknown) => ({ name: 'longshore.yaml', content });

const complaintOf = (sources: Parameters<typeof configOf>[0]): string => {
  try {
    configOf(sources);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
};

test('what nobody sets has its default, and nothing can be changed', () => {
  const config = configOf();
  expect(config.http.port).toBe(8480);
  expect(config.http.host).toBe('127.0.0.1');
  expect(config.data).toBe('./data');
  expect(config.store.name).toBe('disk');
  expect(config.ledger.name).toBe('sqlite');
  expect(Object.isFrozen(config)).toBe(true);
  expect(Object.isFrozen(config.http)).toBe(true);
});

test('flags come before the environment, the environment before the file, the file before the default', () => {
  const content = { http: { port: 1, drainMs: 1, keepAliveMs: 1 } };
  const environment = { LONGSHORE_HTTP_PORT: '2', LONGSHORE_HTTP_DRAIN_MS: '2', HTTP_PORT: '9' };
  const { http } = configOf({ flags: { 'http-port': '3' }, environment, file: file(content) });
  expect(http).toMatchObject({ port: 3, drainMs: 2, keepAliveMs: 1, lingerMs: 5000 });
});

test('host, port and data have short names', () => {
  const environment = { LONGSHORE_DATA: '/srv/x', LONGSHORE_HOST: '::', LONGSHORE_PORT: '81' };
  expect(configOf({ environment })).toMatchObject({ data: '/srv/x', http: { host: '::', port: 81 } });
  expect(configOf({ flags: { data: '/srv/y', host: 'h', port: '82' }, environment })).toMatchObject({
    data: '/srv/y',
    http: { host: 'h', port: 82 },
  });
});

test('values are read as their options want them', () => {
  const flags = {
    'http-access-log': true,
    'http-trusted-proxies': 'loopback, 10.0.0.0/8',
    'engine-flow-bytes': '64MiB',
    store: 'memory',
    'store-memory-limit': '1g',
  };
  const config = configOf({ flags });
  expect(config.http.accessLog).toBe(true);
  expect(config.http.trustedProxies).toEqual(['loopback', '10.0.0.0/8']);
  expect(config.engine.flowBytes).toBe(64 * 1024 * 1024);
  expect(config.store).toMatchObject({ name: 'memory', memory: { limit: 1024 ** 3 } });
});

test('an empty variable, and an empty place in a file, say nothing', () => {
  const environment = { LONGSHORE_HTTP_PORT: '' };
  expect(configOf({ environment, file: file({ http: { host: null }, log: null }) }).http.port).toBe(8480);
  expect(configOf({ file: file(null) }).http.port).toBe(8480);
});

test('a bad value is refused with its source, its option and what is wanted', () => {
  expect(complaintOf({ flags: { port: 'eighty' } })).toBe('--port wants a whole number, at least 0, not "eighty"');
  expect(complaintOf({ environment: { LONGSHORE_LOG_LEVEL: 'loud' } })).toBe(
    'LONGSHORE_LOG_LEVEL wants one of debug, info, warn, error, silent, not "loud"',
  );
  expect(complaintOf({ file: file({ http: { idleTimeoutMs: [] } }) })).toBe(
    'longshore.yaml: http.idleTimeoutMs wants a whole number, at least 1, not []',
  );
});

test('a bad value that is secret is not shown', () => {
  const complaint = complaintOf({ file: file({ http: { metricsToken: ['hush'] } }) });
  expect(complaint).toContain('http.metricsToken');
  expect(complaint).not.toContain('hush');
});

test('an option that does not exist is refused, wherever it is set', () => {
  expect(complaintOf({ file: file({ http: { prot: 1 } }) })).toMatch(
    /^longshore\.yaml: there is no option "http\.prot"; "http" may hold host, port/,
  );
  expect(complaintOf({ file: file({ htpp: { port: 1 } }) })).toMatch(/^longshore\.yaml: there is no option "htpp"/);
  expect(complaintOf({ file: file({ http: 8480 }) })).toBe('longshore.yaml: "http" holds options by their names');
  expect(complaintOf({ file: file([1]) })).toBe('longshore.yaml: the file holds options by their names');
  expect(complaintOf({ environment: { LONGSHORE_HTTP_PROT: '1' } })).toBe(
    'LONGSHORE_HTTP_PROT: there is no such option',
  );
  expect(complaintOf({ flags: { 'http-prot': '1' } })).toBe('--http-prot: there is no such option');
});

test('names that JavaScript objects are born with are no options', () => {
  expect(complaintOf({ file: file({ constructor: { name: 'x' } }) })).toMatch(/there is no option "constructor"/);
  expect(complaintOf({ file: file(JSON.parse('{"__proto__": 1}')) })).toMatch(/there is no option "__proto__"/);
});

test('variables of our name outside our sections are not ours', () => {
  const environment = { LONGSHORE_SERVICE_HOST: '10.0.0.1', LONGSHORE_PORT_8480_TCP: 'tcp://10.0.0.1:8480' };
  expect(complaintOf({ environment })).toBe('');
});

test('all that is wrong is said at once', () => {
  const complaint = complaintOf({ flags: { port: 'x' }, environment: { LONGSHORE_HTTP_NO: '1' } });
  expect(complaint.split('\n')).toHaveLength(2);
});

test('the same option by two flags is refused', () => {
  expect(complaintOf({ flags: { port: '1', 'http-port': '2' } })).toBe(
    '--http-port and --port are the same option: give one of them',
  );
});

test('options that go together are asked for together', () => {
  expect(complaintOf({ flags: { 'http-tls-cert': 'x.pem' } })).toBe(
    'http.tlsCert and http.tlsKey go together: give both or neither',
  );
});

test('files are read as YAML and as JSON; one that cannot be read is refused', async () => {
  const yaml = join(folder, 'a.yaml');
  await writeFile(yaml, '# mine\nhttp:\n  port: 99\n  trustedProxies: [private]\n');
  expect((await loadConfig({ file: yaml })).http).toMatchObject({ port: 99, trustedProxies: ['private'] });
  const json = join(folder, 'a.json');
  await writeFile(json, '{"http": {"port": 98}}');
  expect((await loadConfig({ file: json })).http.port).toBe(98);
  const broken = join(folder, 'b.yaml');
  await writeFile(broken, 'http: {port: 1');
  await expect(loadConfig({ file: broken })).rejects.toThrow(ConfigError);
  await expect(loadConfig({ file: join(folder, 'none.yaml') })).rejects.toThrow(/cannot be read.*none\.yaml/);
});

test('a printed configuration can be read again, and shows no secret', () => {
  const flags = { port: '97', 'http-metrics-token': 'hush', 'http-trusted-proxies': 'private' };
  const printed = printConfig(configOf({ flags }));
  expect(printed).not.toContain('hush');
  const content: unknown = parse(printed);
  expect(content).toMatchObject({ http: { port: 97, metricsToken: '(set)' } });
  expect(configOf({ file: file(content) }).http).toMatchObject({ port: 97, trustedProxies: ['private'] });
});

test('what is set for a dialect is found by its name', () => {
  const settings = dialectsOf(configOf());
  for (const { name } of Object.values(dialects)) expect(settings[name]?.enabled, name).toBe(true);
});
