import { setTimeout as delay } from 'node:timers/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { operations } from '../../src/api/operations.js';
import { basic, type Desk, openDesk, type Visitor } from './desk.js';

/** The OpenAPI document is true: every operation is in it, every one is asked here, and the answers are as it says. */
let desk: Desk;
// biome-ignore lint/suspicious/noExplicitAny: the document is JSON, and read as what it is to be.
let document: any;
let alice: Visitor;
const schemas = new Ajv2020({ strict: false, allErrors: true });

type Json = Readonly<Record<string, unknown>>;

/** The schemas as they are, but that nothing may be told that they do not tell of; only problems carry more facts. */
const closed = (schema: unknown, name = ''): unknown => {
  if (Array.isArray(schema)) return schema.map((each) => closed(each));
  if (typeof schema !== 'object' || schema === null || name === 'Problem') return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, each]) => [key, closed(each, key)]));
  return 'properties' in schema && !('additionalProperties' in schema)
    ? { ...inner, additionalProperties: false }
    : inner;
};

const resolve = (found: { $ref?: string }): Json => {
  if (found.$ref === undefined) return found;
  const [, ...parts] = found.$ref.split('/');
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  const target = parts.reduce((at: any, part) => at?.[part], document);
  expect(target, found.$ref).toBeDefined();
  return target;
};

/** What is wrong with a value by a schema of the document. */
const faultsOf = (schema: object, value: unknown): string[] => {
  const rooted = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"longshore#/'));
  const judge = schemas.compile(rooted);
  return judge(value) ? [] : (judge.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

const described = (method: string, path: string) => document.paths[path]?.[method.toLowerCase()];

/** Holds an answer against the document; `read` gives its body. */
const judge = async (method: string, path: string, answer: Response): Promise<unknown> => {
  const what = `${method} ${path}: ${answer.status}`;
  const { responses } = described(method, path);
  const response = resolve(responses[answer.status] ?? responses.default);
  const content = response['content'] as Record<string, { schema?: object }> | undefined;
  const text = await answer.text();
  if (content === undefined) {
    expect(text, what).toBe('');
    return undefined;
  }
  const type = (answer.headers.get('content-type') ?? '').replace(/;.*/, '');
  const told = content[type] ?? content['*/*'];
  expect(told, `${what} as ${type}`).toBeDefined();
  if (!/json$/.test(type) || told?.schema === undefined) return text;
  const value: unknown = JSON.parse(text);
  expect(faultsOf(told.schema, value), what).toEqual([]);
  return value;
};

/** What is sent with a request, beside its path. */
interface Sent {
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const fill = (path: string, values: Sent['path'] = {}): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name] ?? 'nowhere')));

const send = (
  method: string,
  path: string,
  { path: values, query = '', body, headers = {} }: Sent,
): Promise<Response> =>
  fetch(`${desk.url}/api${fill(path, values)}${query}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });

const as = (name: string) => ({ authorization: basic(name) });

/** Asks as an operation's trial does: the answer has this status, and is as the document says. */
// biome-ignore lint/suspicious/noExplicitAny: a trial takes what it needs of the answer.
type Ask = (status: number, sent?: Sent) => Promise<any>;

/** What the trials are about: a file of two versions in a folder, an upload that is open, and a fax that failed. */
let file: { id: number; folder: number };
let openUpload: string;
let fax: string;
let job: string;

const putByTus = async (name: string, text: string, more = 0): Promise<string> => {
  const answer = await fetch(`${desk.url}/files/`, {
    method: 'POST',
    headers: {
      ...as('alice'),
      'tus-resumable': '1.0.0',
      'content-type': 'application/offset+octet-stream',
      'upload-length': String(text.length + more),
      'upload-metadata': `filename ${btoa(name)},filetype ${btoa('text/plain')}`,
    },
    body: text,
  });
  expect(answer.status).toBe(201);
  return answer.headers.get('location')?.split('/').at(-1) ?? '';
};

const sendFax = async (number: string, query = ''): Promise<string> => {
  const answer = await fetch(
    `${desk.url}/outbound/faxes?faxNumber=${encodeURIComponent(number)}&retriesToPerform=1${query}`,
    { method: 'POST', headers: { ...as('alice'), 'content-type': 'text/plain' }, body: 'Dear Ann' },
  );
  expect(answer.status).toBe(201);
  return answer.headers.get('location')?.split('/').at(-1) ?? '';
};

/** A fax number that the transport `none` takes to be busy. */
const isBusy = '+442079460001';
const later = '&postponeTime=2026-01-02T00:00:00Z';

const until = async (is: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await is()) return;
    await delay(50);
  }
  throw new Error('it does not become so');
};

beforeAll(async () => {
  desk = await openDesk({ flags: { 'dialects-interfax-transport': 'none' } });
  document = (await desk.ask('GET', '/openapi.json')).body;
  schemas.addSchema({ $id: 'longshore', ...(closed(document) as object) });
  alice = await desk.login('alice');
  await putByTus('notes.txt', 'What was said.');
  openUpload = await putByTus('film.bin', 'The beginning', 100);
  fax = await sendFax(isBusy);
  await until(async () => (await desk.as('alice').ask('GET', `/tasks/interfax/${fax}`)).body.state === 'failed');
  [file] = (await desk.as('alice').ask('GET', '/files')).body.files;
  [{ id: job }] = (await desk.as('root').ask('GET', '/jobs?kind=interfax-fax')).body.jobs;
});
afterAll(() => desk.close());

const cookie = () => ({ cookie: alice.cookie, 'x-csrf-token': alice.csrf });

/** For each operation: how it is asked when all is well, and whatever else only it answers. */
const trials: Readonly<Record<string, (ask: Ask) => Promise<void>>> = {
  'GET /about': async (ask) => {
    expect((await ask(200)).dialects).toHaveLength(6);
  },
  'GET /openapi.json': async (ask) => {
    expect(await ask(200)).toContain('"openapi":"3.1.0"');
  },
  'POST /session': async (ask) => {
    await ask(200, { body: { name: 'alice', password: 'secret' } });
    await ask(401, { body: { name: 'alice', password: 'wrong' } });
  },
  'GET /session': async (ask) => {
    await ask(200, { headers: cookie() });
    await ask(200, { headers: as('root') });
  },
  'DELETE /session': async (ask) => {
    const bob = await desk.login('bob');
    await ask(204, { headers: { cookie: bob.cookie, 'x-csrf-token': bob.csrf } });
  },
  'POST /session/key': async (ask) => {
    await ask(200, { headers: cookie() });
    await ask(409, { headers: as('alice') });
  },
  'GET /limits': async (ask) => {
    await ask(200, { headers: as('alice') });
  },
  'GET /accounts': async (ask) => {
    await ask(200, { headers: as('alice') });
    await ask(200, { headers: as('root') });
  },
  'POST /accounts': async (ask) => {
    await ask(200, { headers: as('root'), body: { name: 'zoe', password: 'secret', role: 'viewer', quota: 10 } });
    await ask(409, { headers: as('root'), body: { name: 'zoe', password: 'secret' } });
  },
  'PATCH /accounts/{name}': async (ask) => {
    await ask(200, { headers: as('root'), path: { name: 'bob' }, body: { quota: null } });
  },
  'DELETE /accounts/{name}': async (ask) => {
    await desk.app.accounts.add({ name: 'short', password: 'secret' });
    await ask(204, { headers: as('root'), path: { name: 'short' } });
  },
  'PUT /accounts/{name}/password': async (ask) => {
    const body = { password: 'secret' };
    await ask(204, { headers: as('root'), path: { name: 'victor' }, body });
    await ask(403, { headers: as('root'), path: { name: 'root' }, body });
  },
  'GET /accounts/{name}/keys': async (ask) => {
    await desk.app.accounts.addKey('alice', 'backup');
    await ask(200, { headers: as('alice'), path: { name: 'alice' } });
  },
  'POST /accounts/{name}/keys': async (ask) => {
    await ask(200, { headers: as('alice'), path: { name: 'alice' }, body: { label: 'backup' } });
  },
  'DELETE /accounts/{name}/keys/{id}': async (ask) => {
    const { id } = await desk.app.accounts.addKey('bob');
    await ask(204, { headers: as('bob'), path: { name: 'bob', id } });
  },
  'GET /uploads': async (ask) => {
    expect((await ask(200, { headers: as('alice') })).uploads).not.toEqual([]);
    expect((await ask(200, { headers: as('root'), query: '?state=finished' })).uploads).not.toEqual([]);
    await ask(400, { headers: as('alice'), query: '?limit=many' });
  },
  'GET /uploads/{id}': async (ask) => {
    await ask(200, { headers: as('alice'), path: { id: openUpload } });
    await ask(404, { headers: as('bob'), path: { id: openUpload } });
  },
  'DELETE /uploads/{id}': async (ask) => {
    const id = await putByTus('other.bin', 'x', 10);
    await ask(404, { headers: as('bob'), path: { id } });
    await ask(204, { headers: as('alice'), path: { id } });
  },
  'GET /events': async (ask) => {
    expect((await ask(200, { headers: as('root') })).events).not.toEqual([]);
  },
  'GET /throughput': async (ask) => {
    await ask(200, { headers: as('root') });
  },
  'GET /health': async (ask) => {
    await ask(200, { headers: as('root') });
  },
  'GET /stream': async () => {
    const leave = new AbortController();
    const answer = await fetch(`${desk.url}/api/stream`, { headers: as('root'), signal: leave.signal });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    const { responses, 'x-events': events } = described('GET', '/stream');
    expect(responses[200].content).toHaveProperty('text/event-stream');
    let text = '';
    for await (const piece of answer.body ?? []) {
      text += Buffer.from(piece).toString();
      if (/event: hello\n(.*\n)*\n/.test(text)) break;
    }
    leave.abort();
    const told = [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)];
    expect(told.map(([, name]) => name)).toContain('hello');
    for (const [, name = '', data = ''] of told) expect(faultsOf(events[name], JSON.parse(data)), name).toEqual([]);
  },
  'GET /files': async (ask) => {
    expect((await ask(200, { headers: as('alice') })).files).not.toEqual([]);
  },
  'GET /files/{id}': async (ask) => {
    await ask(200, { headers: as('alice'), path: { id: file.id } });
  },
  'GET /files/{id}/content': async (ask) => {
    const path = { id: file.id };
    expect(await ask(200, { headers: as('alice'), path })).toBe('What was said.');
    expect(await ask(206, { headers: { ...as('alice'), range: 'bytes=5-7' }, path })).toBe('was');
    await ask(416, { headers: { ...as('alice'), range: 'bytes=99-' }, path });
    const { headers } = await send('GET', '/files/{id}/content', { headers: as('alice'), path });
    await ask(304, { headers: { ...as('alice'), 'if-none-match': headers.get('etag') ?? '' }, path });
  },
  'GET /files/{id}/preview': async (ask) => {
    expect(await ask(200, { headers: as('alice'), path: { id: file.id } })).toBe('What was said.');
  },
  'GET /folders/{id}': async (ask) => {
    await ask(200, { headers: as('root'), path: { id: 0 } });
    await ask(200, { headers: as('root'), path: { id: file.folder } });
  },
  'GET /tasks': async (ask) => {
    expect((await ask(200, { headers: as('alice') })).tasks).not.toEqual([]);
  },
  'GET /tasks/{dialect}/{id}': async (ask) => {
    await ask(200, { headers: as('alice'), path: { dialect: 'interfax', id: fax } });
    await ask(404, { headers: as('bob'), path: { dialect: 'interfax', id: fax } });
  },
  'GET /tasks/{dialect}/{id}/pages/{number}': async (ask) => {
    await ask(200, { headers: as('alice'), path: { dialect: 'interfax', id: fax, number: 1 } });
  },
  'POST /tasks/{dialect}/{id}/retry': async (ask) => {
    await ask(200, { headers: as('alice'), path: { dialect: 'interfax', id: fax } });
  },
  'POST /tasks/{dialect}/{id}/cancel': async (ask) => {
    const path = { dialect: 'interfax', id: await sendFax(isBusy, later) };
    await ask(200, { headers: as('alice'), path });
    await ask(400, { headers: as('alice'), path });
  },
  'GET /jobs': async (ask) => {
    expect((await ask(200, { headers: as('root') })).jobs).not.toEqual([]);
  },
  'POST /jobs/{id}/retry': async (ask) => {
    await ask(200, { headers: as('root'), path: { id: job } });
  },
  'POST /jobs/{id}/cancel': async (ask) => {
    await sendFax(isBusy, later);
    const { body } = await desk.as('root').ask('GET', '/jobs?state=waiting');
    await ask(200, { headers: as('root'), path: { id: body.jobs[0].id } });
  },
};

const listed = operations.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`).sort();

test('the document has every operation that is answered, this page tries each of them, and there is no other', () => {
  const told = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(told.sort()).toEqual(listed);
  expect(Object.keys(trials).sort()).toEqual(listed);
});

test('its references lead somewhere, its names are told apart, and paths have their parameters', () => {
  expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: `${desk.url}/api` }] });
  for (const [reference] of JSON.stringify(document).matchAll(/#\/components\/[\w/]+/g)) resolve({ $ref: reference });
  const ids = listed.map((each) => {
    const [method = '', path = ''] = each.split(' ');
    const { operationId, parameters = [] } = described(method, path);
    const named = parameters.filter((each: Json) => each['in'] === 'path').map((each: Json) => `{${each['name']}}`);
    expect(named, each).toEqual([...path.matchAll(/\{\w+\}/g)].map(([name]) => name));
    return operationId;
  });
  expect(new Set(ids).size).toBe(listed.length);
});

describe.each(listed.map((each) => [each]))('%s', (name) => {
  const [method = '', path = ''] = name.split(' ');
  const unsafe = method !== 'GET';
  const { access = 'anybody', body } =
    operations.find((each) => `${each.method} ${each.path.replace(/:(\w+)/g, '{$1}')}` === name) ?? {};
  const ask: Ask = async (status, sent = {}) => {
    const answer = await send(method, path, sent);
    expect(answer.status, name).toBe(status);
    return judge(method, path, answer);
  };

  it('answers as it is told to', () => trials[name]?.(ask));

  if (access !== 'anybody')
    it('asks who is there', async () => {
      expect(described(method, path).security).toBeUndefined();
      await ask(401);
      await ask(401, { headers: { authorization: 'Bearer nothing' } });
    });

  if (access === 'admin') it('is for administrators', () => ask(403, { headers: as('alice') }));

  if (unsafe)
    it('is not for pages of other sites', () =>
      ask(403, { headers: { ...as('root'), 'sec-fetch-site': 'cross-site' } }));

  if (unsafe && access !== 'anybody')
    it('wants the CSRF token with a cookie', () => ask(403, { headers: { cookie: alice.cookie } }));

  if (body !== undefined)
    it('wants JSON, of a bounded size and the right shape', async () => {
      const who = as('root');
      await ask(415, { headers: { ...who, 'content-type': 'text/plain' }, body: '{}' });
      for (const wrong of ['{', '"text"', '{"odd":1}']) await ask(400, { headers: who, body: wrong });
      await ask(413, { headers: who, body: JSON.stringify({ text: 'x'.repeat(65_536) }) });
    });

  if (path.includes('{') && body === undefined) it('knows of nothing else', () => ask(404, { headers: as('root') }));

  it('says what else its path takes', async () => {
    const there = Object.keys(document.paths[path]).map((each) => each.toUpperCase());
    const allow = [...there, ...(there.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort();
    for (const wrong of ['OPTIONS', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((each) => !there.includes(each))) {
      const answer = await send(wrong, path, {});
      expect(answer.status).toBe(wrong === 'OPTIONS' ? 204 : 405);
      expect((answer.headers.get('allow') ?? '').split(', ').sort()).toEqual(allow);
      if (wrong !== 'OPTIONS') await judge(method, path, answer);
    }
  });
});

test('there is nothing else', async () => {
  for (const path of ['', '/', '/nothing', '/uploads/a/b', '/session/x', '/About2']) {
    const told = await desk.ask('GET', path);
    expect([path, told.status, told.headers.get('content-type')]).toEqual([path, 404, 'application/problem+json']);
    expect(faultsOf({ $ref: '#/components/schemas/Problem' }, told.body)).toEqual([]);
  }
});

test('HEAD answers as GET does, without the body', async () => {
  const answer = await fetch(`${desk.url}/api/session`, { method: 'HEAD', headers: as('alice') });
  expect([answer.status, await answer.text()]).toEqual([200, '']);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
});
