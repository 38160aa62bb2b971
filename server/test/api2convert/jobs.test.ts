import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk, tools } from './desk.js';

/** Jobs: their entity, their life, and what is refused (specs/api2convert.md §2 to §6, §8, §11). */
let desk: Desk;
const kit = tools();

beforeAll(async () => {
  desk = await openDesk({ conversions: kit.conversions });
});
afterAll(() => desk.close());

const join = { conversion: [{ target: 'join' }] };
const stateOf = async (id: string) => (await desk.ask('GET', `/v2/jobs/${id}`)).body.status.code;

describe('the job', () => {
  it('has the vendor’s fields, in the vendor’s order', async () => {
    const job = await desk.create({
      process: false,
      ...join,
      download_passwords: ['secret'],
      limits: { job: { x: 1 } },
    });
    await desk.upload(job, 'a.bin', 'abc');
    const { body } = await desk.ask('GET', `/v2/jobs/${job.id}`);
    expect(Object.keys(body)).toEqual(
      'id token type status errors warnings process fail_on_input_error fail_on_conversion_error conversion limits input output callback notify_status server spent created_at modified_at'.split(
        ' ',
      ),
    );
    expect(body).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      token: expect.stringMatching(/^[0-9a-f]{32}$/),
      type: 'job',
      status: { code: 'ready', info: expect.any(String) },
      errors: [],
      warnings: [],
      process: false,
      fail_on_input_error: true,
      fail_on_conversion_error: true,
      limits: { job: { x: 1 } },
      callback: '',
      notify_status: false,
      spent: 0,
      created_at: '2026-01-01T00:00:00',
      modified_at: '2026-01-01T00:00:00',
      output: [],
    });
    expect(Object.keys(body.input[0])).toEqual(
      'id type status source engine options filename size hash checksum content_type created_at modified_at credentials parameters metadata'.split(
        ' ',
      ),
    );
    expect(body.input[0]).toMatchObject({
      size: 3,
      hash: '900150983cd24fb0d6963f7d28e17f72',
      checksum: '900150983cd24fb0d6963f7d28e17f72',
      options: [],
      credentials: [],
      content_type: 'application/octet-stream',
    });
    expect(body.conversion).toEqual([
      { id: expect.any(String), target: 'join', category: 'test', options: [], metadata: {}, output_target: [] },
    ]);
  });

  it.each([
    [{}, 201],
    [[], 201],
    ['', 204],
    ['{"process":', 400],
    ['[1]', 400],
    ['"x"', 400],
    [{ conversion: { target: 'join' }, input: [] }, 201],
    [{ conversion: [{ target: 'JOIN', options: [] }] }, 201],
    [{ conversion: [{ target: 'nothing' }] }, 400],
    [{ conversion: [{ category: 'image', target: 'join' }] }, 400],
    [{ conversion: [{}] }, 400],
    [{ conversion: [{ target: 'join', output_target: [] }] }, 201],
    [{ conversion: [{ target: 'join', output_target: [{ type: 'amazons3', parameters: { bucket: 'b' } }] }] }, 400],
    [{ conversion: [{ target: 'join', output_target: { type: 'ftp' } }] }, 400],
    [{ conversion: [{ target: 'pages', options: { pages: 10 } }] }, 400],
    [{ conversion: [{ target: 'pages', options: { pages: '2' } }] }, 201],
    [{ conversion: [{ target: 'pages', options: { pages: 'two' } }] }, 400],
    [{ conversion: [{ target: 'pages', options: { colour: 'red' } }] }, 400],
    [{ conversion: [{ target: 'join', options: { download_password: 'ü' } }] }, 400],
    [{ conversion: [{ target: 'join', options: { preset: 'nobody’s' } }] }, 400],
    [{ process: 'maybe' }, 400],
    [{ callback: 'ftp://example.com' }, 400],
    [{ download_passwords: ['ü'] }, 400],
    [{ input: [{ type: 'upload', source: 'x' }] }, 400],
    [{ input: [{ type: 'base64', source: '***' }] }, 400],
    [{ input: [{ type: 'base64' }] }, 400],
    [{ input: [{ type: 'input_id', source: '00000000-0000-4000-8000-000000000000' }] }, 400],
    [{ input: [{ source: 'https://example.com/a.png' }] }, 400],
    [{ input: [{ type: 'magic', source: 'x' }] }, 400],
  ])('POST /jobs with %j is answered with %d', async (body, status) => {
    const told = await desk.ask('POST', '/v2/jobs', body);
    expect(told.status, told.text).toBe(status);
    if (status === 400) expect(told.body).toMatchObject({ code: 400, message: expect.stringMatching(/\w/) });
    if (status === 204) expect(told.text).toBe('');
  });

  it('tells which field is wrong', async () => {
    const told = await desk.ask('POST', '/v2/jobs', { conversion: [{ target: 'pages', options: { pages: 10 } }] });
    expect(told.body.errors).toEqual({ 'conversion.0.options.pages': ['must be at most 9.'] });
  });

  it('is made once under one Idempotency-Key', async () => {
    const make = (headers: Record<string, string>) => desk.ask('POST', '/v2/jobs', {}, headers);
    const [one, two] = await Promise.all([make({ 'idempotency-key': 'k' }), make({ 'idempotency-key': 'k' })]);
    const other = await make({ 'idempotency-key': 'k2' });
    expect(one.body.id).toBe(two.body.id);
    expect(other.body.id).not.toBe(one.body.id);
    const bobs = await make({ 'idempotency-key': 'k', 'x-oc-api-key': desk.bobsKey });
    expect(bobs.body.id).not.toBe(one.body.id);
  });
});

describe('who asks', () => {
  const only = (headers: Record<string, string>) => headers;

  it('needs a key or the job’s token', async () => {
    const job = await desk.create();
    const at = `/v2/jobs/${job.id}`;
    const ask = async (headers: Record<string, string>) => {
      const answer = await fetch(`${desk.server.url}${at}`, { headers });
      const body = (await answer.json()) as { message?: string };
      return [answer.status, body.message];
    };
    expect(await ask({})).toEqual([401, 'Invalid api key']);
    expect(await ask({ 'x-oc-api-key': 'wrong' })).toEqual([401, 'Invalid api key']);
    expect(await ask({ 'x-oc-token': 'wrong' })).toEqual([401, 'Invalid api key']);
    expect((await ask({ 'x-oc-token': job.token }))[0]).toBe(200);
    expect((await ask({ 'x-oc-token': job.token, 'x-oc-api-key': 'wrong' }))[0]).toBe(200);
    // A valid key wins over a stale token.
    expect((await ask({ 'x-oc-token': 'stale', 'x-oc-api-key': desk.key }))[0]).toBe(200);
    expect((await ask({ 'x-oc-api-key': desk.bobsKey }))[0]).toBe(404);
    expect((await ask({ 'x-oc-api-key': desk.bobsKey, 'x-oc-token': job.token }))[0]).toBe(200);
    expect(await desk.ask('GET', '/v2/jobs/00000000-0000-4000-8000-000000000000')).toMatchObject({ status: 404 });
  });

  it('is not asked about conversions, public presets, statuses and the schema', async () => {
    for (const path of ['/conversions', '/presets', '/statuses', '/schema', '/openapi.json'])
      expect((await desk.ask('GET', `/v2${path}`, undefined, null)).status, path).toBe(200);
    for (const path of ['/jobs', '/contracts', '/stats/year/2026/all'])
      expect((await desk.ask('GET', `/v2${path}`, undefined, null)).status, path).toBe(401);
  });

  it('may not do what the account’s role does not allow', async () => {
    const { secret } = await desk.server.host.accounts.addKey('victor');
    expect((await desk.ask('POST', '/v2/jobs', {}, { 'x-oc-api-key': secret })).status).toBe(403);
    expect((await desk.ask('GET', '/v2/contracts', undefined, { 'x-oc-api-key': secret })).status).toBe(204);
  });

  it('with only a token lists that one job', async () => {
    const job = await desk.create();
    const told = await desk.ask('GET', '/v2/jobs', undefined, only({ 'x-oc-token': job.token, 'x-oc-api-key': '-' }));
    expect(told.body.map(({ id }: { id: string }) => id)).toEqual([job.id]);
  });
});

describe('the list', () => {
  it('is newest first, in pages of 50, with the total in X-Count; empty it is 204', async () => {
    const as = { 'x-oc-api-key': desk.bobsKey };
    expect(await desk.ask('GET', '/v2/jobs?status=ready', undefined, as)).toMatchObject({ status: 204, text: '' });
    const before = Number((await desk.ask('GET', '/v2/jobs', undefined, as)).headers.get('x-count'));
    const ids: string[] = [];
    for (let count = before; count < 53; count += 1) {
      desk.server.clock.advance(1000);
      ids.unshift((await desk.ask('POST', '/v2/jobs', {}, as)).body.id);
    }
    const page = async (query: string) => {
      const told = await desk.ask('GET', `/v2/jobs${query}`, undefined, as);
      return { ids: told.body.map(({ id }: { id: string }) => id), count: told.headers.get('x-count') };
    };
    expect(await page('')).toEqual({ ids: ids.slice(0, 50), count: '53' });
    expect((await page('?page=2')).ids).toHaveLength(3);
    expect((await page('?page=3')).ids).toEqual([]);
    expect((await page('?status=incomplete')).count).toBe('53');
  });
});

describe('PATCH process', () => {
  it('true starts a complete job; its repeat is harmless, false is too late', async () => {
    kit.shut();
    const job = await desk.create({ process: false, conversion: [{ target: 'gate' }] });
    await desk.upload(job, 'a.txt', 'a');
    const patch = (body: object) => desk.ask('PATCH', `/v2/jobs/${job.id}`, body);
    expect((await patch({ process: false })).body.status.code).toBe('ready');
    expect((await patch({ process: true })).body).toMatchObject({
      process: true,
      status: { code: 'processing', info: 'The file is currently being processed.' },
    });
    expect((await patch({ process: true })).status).toBe(200);
    expect((await patch({ process: false })).status).toBe(409);
    expect((await desk.upload(job, 'b.txt', 'b')).status).toBe(409);
    expect((await desk.ask('POST', `/v2/jobs/${job.id}/conversions`, { target: 'join' })).status).toBe(409);
    kit.open();
    await desk.until(job.id, 'completed');
    expect((await patch({ process: true })).status).toBe(409);
    expect((await patch({ download_passwords: ['x'] })).status).toBe(200);
    expect((await desk.ask('DELETE', `/v2/jobs/${job.id}`)).status).toBe(409);
  });

  it('false starts it where the option says so, as one page of the vendor’s has it', async () => {
    const other = await openDesk({ options: { startOnFalse: true } });
    try {
      const job = await other.create({ process: false, ...join });
      for (const name of ['a.txt', 'b.txt', 'c.txt']) expect((await other.upload(job, name, name)).status).toBe(200);
      const patched = await other.ask('PATCH', `/v2/jobs/${job.id}`, { process: false });
      expect(patched.body).toMatchObject({ status: { code: 'processing' }, process: true });
      const done = await other.until(job.id, 'completed');
      expect((await other.ask('GET', done.output[0].uri, undefined, null)).text).toBe('a.txtb.txtc.txt');
    } finally {
      await other.close();
    }
  });
});

describe('DELETE', () => {
  it('stops the job, removes its files and leaves a tombstone; a second one is 404', async () => {
    kit.shut();
    const job = await desk.create({ conversion: [{ target: 'gate' }] });
    await desk.upload(job, 'secret.txt', 'a');
    await desk.until(job.id, 'processing');
    expect((await desk.ask('DELETE', `/v2/jobs/${job.id}`, [])).status).toBe(204);
    expect(await stateOf(job.id)).toBe('canceled');
    const { ledger, catalog } = desk.server.host;
    const files = await ledger.read((facts) => catalog.recent(facts));
    expect(files.filter(({ name }) => name === 'secret.txt')).toEqual([]);
    expect((await desk.ask('DELETE', `/v2/jobs/${job.id}`, [])).status).toBe(404);
    expect((await desk.ask('PATCH', `/v2/jobs/${job.id}`, { process: true })).status).toBe(409);
    kit.open();
  });
});

describe('inputs and conversions of a job', () => {
  it('are added, changed and removed until it starts', async () => {
    const job = await desk.create({ process: false });
    const at = `/v2/jobs/${job.id}`;
    const added = await desk.ask('POST', `${at}/conversions`, [{ target: 'pages' }, { target: 'join' }]);
    expect([added.status, added.body.length]).toEqual([201, 2]);
    const one = await desk.ask('POST', `${at}/conversions`, { target: 'mirror' });
    expect([one.status, one.body.category]).toEqual([201, 'mirror']);
    const [pages] = added.body;
    const changed = await desk.ask('PATCH', `${at}/conversions/${pages.id}`, { options: { pages: 2 } });
    expect(changed.body.options).toEqual({ pages: 2 });
    expect((await desk.ask('PATCH', `${at}/conversions/${pages.id}`, { options: { pages: 99 } })).status).toBe(400);
    expect((await desk.ask('DELETE', `${at}/conversions/${one.body.id}`)).status).toBe(204);
    expect((await desk.ask('GET', `${at}/conversions/${one.body.id}`)).status).toBe(404);
    expect((await desk.ask('GET', `${at}/conversions`)).body).toHaveLength(2);

    const input = await desk.ask('POST', `${at}/input`, { type: 'base64', source: 'aGVsbG8=', filename: 'h.txt' });
    expect([input.status, input.body.status, input.body.size, input.body.source]).toEqual([201, 'ready', 5, 'h.txt']);
    const list = await desk.ask('POST', `${at}/input`, [
      { type: 'base64', source: 'data:text/plain;base64,d29ybGQ=' },
      { type: 'cloud', source: 'amazons3', credentials: { accesskeyid: 'x' } },
    ]);
    expect(list.body).toMatchObject([
      { status: 'ready', filename: 'output', content_type: 'text/plain' },
      { status: 'failed', credentials: [] },
    ]);
    expect(await stateOf(job.id)).toBe('failed');
    expect((await desk.ask('GET', at)).body.errors).toMatchObject([
      { source: 'input', id_source: list.body[1].id, code: 99 },
    ]);
  });

  it('an input is changed and removed; a job may go on without those that fail', async () => {
    const job = await desk.create({ process: false, fail_on_input_error: false, ...join });
    const at = `/v2/jobs/${job.id}`;
    const [one, cloud] = (
      await desk.ask('POST', `${at}/input`, [
        { type: 'base64', source: 'aGVsbG8=' },
        { type: 'gdrive_picker', source: 'abc' },
      ])
    ).body;
    const patched = await desk.ask('PATCH', `${at}/input`, [{ id: one.id, options: { position: 1 } }]);
    expect(patched.body).toMatchObject([{ id: one.id, options: { position: 1 } }]);
    const single = await desk.ask('PATCH', `${at}/input/${one.id}`, {
      credentials: { decrypt_password: 'p' },
      parameters: { delete_after_use: true },
    });
    expect(single.body).toMatchObject({ credentials: [], parameters: { delete_after_use: true } });
    expect((await desk.ask('GET', at)).body).toMatchObject({ status: { code: 'ready' }, warnings: [{ code: 99 }] });
    expect((await desk.ask('DELETE', `${at}/input/${cloud.id}`)).status).toBe(204);
    expect((await desk.ask('DELETE', `${at}/input/${one.id}`)).status).toBe(204);
    expect(await stateOf(job.id)).toBe('incomplete');
    expect((await desk.ask('PATCH', `${at}/input/${one.id}`, {})).status).toBe(404);
  });

  it('an input or output of the account is used again', async () => {
    const job = await desk.create({ ...join });
    const up = await desk.upload(job, 'a.txt', 'hello');
    const { output } = await desk.until(job.id, 'completed');
    const again = await desk.create({
      conversion: [{ target: 'join' }],
      input: [
        { type: 'input_id', source: up.body.id.input, filename: 'again' },
        { type: 'output', source: output[0].id },
      ],
    });
    expect(again.input).toMatchObject([
      { status: 'ready', filename: 'again.txt', size: 5 },
      { status: 'ready', filename: 'joined.txt' },
    ]);
    const done = await desk.until(again.id, 'completed');
    expect((await desk.ask('GET', done.output[0].uri, undefined, null)).text).toBe('hellohello');
    const stranger = { input: [{ type: 'input_id', source: up.body.id.input }] };
    expect((await desk.ask('POST', '/v2/jobs', stranger, { 'x-oc-api-key': desk.bobsKey })).status).toBe(400);
  });

  it('a job has as many inputs as are allowed', async () => {
    const other = await openDesk({ options: { maxInputs: 2 } });
    try {
      const input = { type: 'base64', source: 'eA==' };
      expect((await other.ask('POST', '/v2/jobs', { input: [input, input, input] })).status).toBe(402);
      const job = await other.create({ process: false, input: [input, input] });
      expect((await other.upload(job, 'a', 'a')).status).toBe(402);
    } finally {
      await other.close();
    }
  });
});

describe('what the server tells of itself', () => {
  it('statuses', async () => {
    const { body } = await desk.ask('GET', '/v2/statuses');
    expect(body.map(({ code }: { code: string }) => code).sort()).toEqual(
      'canceled completed downloading failed incomplete pending processing queued ready'.split(' '),
    );
  });

  it('conversions, by category and target, in pages', async () => {
    const { body } = await desk.ask('GET', '/v2/conversions?target=pages');
    expect(body).toMatchObject([
      {
        id: expect.stringMatching(/^\d+$/),
        target: 'pages',
        category: 'test',
        options: { pages: { type: 'integer' } },
      },
    ]);
    expect(body[0].options.download_password.type).toBe('string');
    expect((await desk.ask('GET', '/v2/conversions?page=2')).body).toEqual([]);
    expect((await desk.ask('GET', '/v2/conversions?category=mirror')).body).toHaveLength(1);
  });

  it('presets, public and private', async () => {
    const make = (body: object, key = desk.key) => desk.ask('POST', '/v2/presets', body, { 'x-oc-api-key': key });
    const { secret: rootKey } = await desk.server.host.accounts.addKey('root');
    const mine = await make({ name: 'my two', target: 'pages', options: { pages: 2 } });
    expect([mine.status, mine.body.scope, mine.body.category]).toEqual([201, 'private', 'test']);
    expect((await make({ name: 'x', target: 'pages', options: { pages: 77 } })).status).toBe(400);
    expect((await make({ name: 'x', target: 'pages', options: {}, scope: 'public' })).status).toBe(403);
    await make({ name: 'for all', target: 'pages', options: { pages: 4 }, scope: 'public' }, rootKey);
    const names = async (headers: Record<string, string> | null, query = '') =>
      (await desk.ask('GET', `/v2/presets${query}`, undefined, headers)).body.map(({ name }: { name: string }) => name);
    expect(await names(null)).toEqual(['for all']);
    expect((await names({})).sort()).toEqual(['for all', 'my two']);
    expect(await names({}, '?filter=two,three')).toEqual(['my two']);
    const job = await desk.create({ conversion: [{ target: 'pages', options: { preset: 'my two' } }] });
    expect(job.conversion[0].options).toMatchObject({ pages: 2 });
    const one = `/v2/presets/${mine.body.id}`;
    expect((await desk.ask('PATCH', one, { name: 'renamed' })).body).toMatchObject({
      name: 'renamed',
      options: { pages: 2 },
    });
    expect((await desk.ask('GET', one, undefined, { 'x-oc-api-key': desk.bobsKey })).status).toBe(404);
    expect((await desk.ask('DELETE', one)).status).toBe(204);
    expect((await desk.ask('GET', one)).status).toBe(404);
  });

  it('statistics by day, month and year', async () => {
    const job = await desk.create(join);
    await desk.upload(job, 'a.txt', 'hello');
    await desk.until(job.id, 'completed');
    const [row] = (await desk.ask('GET', '/v2/stats/year/2026/all')).body;
    expect(row).toMatchObject({ date: '2026-01-01', jobs: expect.any(Number) });
    expect((await desk.ask('GET', '/v2/stats/day/2026-01-01/single')).body).toEqual([row]);
    expect((await desk.ask('GET', '/v2/stats/month/2025-01/all')).body).toEqual([]);
    for (const path of ['day/2026-02-31/all', 'month/2026-13/all', 'year/26/all', 'year/2026/some'])
      expect((await desk.ask('GET', `/v2/stats/${path}`)).status, path).toBe(400);
  });
});
