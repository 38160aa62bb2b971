import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chunkOf, type Desk, openDesk, type Told } from './desk.js';

/** Chunked uploads (specs/api2convert.md §10). */
let desk: Desk;
let job: Told['body'];

beforeAll(async () => {
  desk = await openDesk({ options: { maxFile: 10_000_000 } });
});
afterAll(() => desk.close());
beforeEach(async () => {
  job = await desk.create({ process: false, conversion: [{ target: 'mirror' }] });
});

const file = randomBytes(100_000);
const md5 = createHash('md5').update(file).digest('hex');
const url = () => `${job.server}/upload-file/${job.id}`;
type Place = readonly [number, number, number];
const post = (place: Place, how: Parameters<typeof chunkOf>[2] = {}): Promise<Told> => {
  const { body, headers } = chunkOf(file, place, how);
  return desk.ask('POST', url(), body, headers);
};
const [a, b, c]: readonly [Place, Place, Place] = [
  [0, 39_999, 100_000],
  [40_000, 79_999, 100_000],
  [80_000, 99_999, 100_000],
];
const inputs = async () => (await desk.ask('GET', `/v2/jobs/${job.id}`)).body.input;

describe('chunked uploads', () => {
  it.each([true, false])('in order, as forms or raw slices (form: %s)', async (form) => {
    const first = await post(a, { form });
    expect([first.status, first.body]).toEqual([
      200,
      {
        completed: false,
        id: { job: job.id, input: expect.any(String) },
        received: 40_000,
        total: 100_000,
        ranges: [[0, 39_999]],
      },
    ]);
    const second = await post(b, { form });
    expect(second.body).toMatchObject({ id: first.body.id, received: 80_000, ranges: [[0, 79_999]] });
    expect(await inputs()).toEqual([]);
    const last = await post(c, { form });
    expect(last.body).toMatchObject({
      completed: true,
      id: first.body.id,
      size: 100_000,
      checksum: md5,
      filename: form ? 'a.bin' : 'output',
    });
    expect(await inputs()).toMatchObject([{ id: first.body.id.input, status: 'ready', size: 100_000, checksum: md5 }]);
    expect((await desk.ask('GET', `/v2/jobs/${job.id}`)).body.status.code).toBe('ready');
  });

  it('out of order, some at once, one repeated', async () => {
    const early = await post(c);
    expect(early.body).toMatchObject({ received: 20_000, ranges: [[80_000, 99_999]] });
    const told = await Promise.all([post(b), post(a), post(b, { form: true }), post(c)]);
    expect(told.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(told.map(({ body }) => body.id.input))).toEqual(new Set([early.body.id.input]));
    const again = await post(b);
    expect(again.body).toMatchObject({ completed: true, checksum: md5 });
    expect(await inputs()).toHaveLength(1);
  });

  it('first chunks that come at the same time begin one upload', async () => {
    const told = await Promise.all([post(a), post(b), post(c)]);
    expect(new Set(told.map(({ body }) => body.id.input)).size).toBe(1);
    expect(await inputs()).toMatchObject([{ checksum: md5 }]);
  });

  it('overlapping slices: the last written wins', async () => {
    await post([0, 59_999, 100_000]);
    await desk.ask('POST', url(), Buffer.alloc(20_000, 7), {
      'x-oc-upload-uuid': 'u1',
      'content-range': 'bytes 40000-59999/100000',
    });
    const last = await post([40_000, 99_999, 100_000]);
    expect(last.body).toMatchObject({ completed: true, checksum: md5 });
  });

  it('a chunk that is cut leaves nothing behind, and is sent again', async () => {
    await post(a);
    await new Promise<void>((resolve) => {
      const sent = request(url(), {
        method: 'POST',
        headers: {
          'x-oc-token': job.token,
          'x-oc-upload-uuid': 'u1',
          'content-range': 'bytes 40000-79999/100000',
          'content-length': 40_000,
          expect: '100-continue',
        },
      });
      sent.on('error', () => undefined).on('close', resolve);
      sent.on('continue', () => sent.write(file.subarray(40_000, 50_000), () => sent.destroy()));
      sent.flushHeaders();
    });
    const look = await desk.ask('GET', url(), undefined, { 'x-oc-upload-uuid': 'u1' });
    expect(look.body).toMatchObject({ completed: false, received: 40_000, ranges: [[0, 39_999]] });
    await post(b);
    expect((await post(c)).body).toMatchObject({ completed: true, checksum: md5 });
  });

  it.each([
    ['no numbers', 'bytes */100000'],
    ['no total', 'bytes 0-39999/*'],
    ['another unit', 'chunks 0-39999/100000'],
    ['start behind end', 'bytes 39999-0/100000'],
    ['end at the total', 'bytes 60000-100000/100000'],
    ['a number of chunks as the total', '0-40000/3'],
    ['longer than the slice', 'bytes 0-49999/100000'],
    ['shorter than the slice', 'bytes 0-9/100000'],
    ['numbers beyond all numbers', 'bytes 0-99999999999999999999/999999999999999999999'],
  ])('a faulty range is a clean 400, and nothing is stored: %s', async (_, range) => {
    for (const form of [true, false]) {
      const { body, headers } = chunkOf(file, a, { form });
      const told = await desk.ask('POST', url(), body, { ...headers, 'content-range': range });
      expect([told.status, told.body.code, typeof told.body.message]).toEqual([400, 400, 'string']);
    }
    expect((await desk.ask('GET', url(), undefined, { 'x-oc-upload-uuid': 'u1' })).status).toBe(404);
    // Not even the total.
    const other = Buffer.from('0123456789');
    const whole = await desk.ask('POST', url(), other, { 'x-oc-upload-uuid': 'u1', 'content-range': 'bytes 0-9/10' });
    expect(whole.body).toMatchObject({ completed: true, size: 10 });
  });

  it.each(['bytes 0-39999/100000', '0-39999/100000', 'bytes=0-39999/100000', '  BYTES  0-39999/100000 '])(
    'the range may be written so: %j',
    async (range) => {
      const { body, headers } = chunkOf(file, a);
      const told = await desk.ask('POST', url(), body, { ...headers, 'content-range': range });
      expect(told.body).toMatchObject({ received: 40_000 });
    },
  );

  it('a total beyond the limit is 413', async () => {
    const told = await desk.ask('POST', url(), 'abc', {
      'x-oc-upload-uuid': 'u1',
      'content-range': 'bytes 0-2/99999999',
    });
    expect(told.status).toBe(413);
  });

  it('without a uuid: 400, unless the range is the whole file', async () => {
    expect((await desk.ask('POST', url(), 'abc', { 'content-range': 'bytes 0-2/6' })).status).toBe(400);
    const whole = await desk.ask('POST', url(), 'abc', { 'content-range': 'bytes 0-2/3' });
    expect([whole.status, whole.body.size]).toEqual([200, 3]);
    const false_ = await desk.ask('POST', url(), 'abcd', { 'content-range': 'bytes 0-2/3' });
    expect(false_.status).toBe(400);
    expect(await inputs()).toHaveLength(1);
  });

  it('another total is 409', async () => {
    await post(a);
    expect((await post([40_000, 79_999, 100_001])).status).toBe(409);
  });

  it('uuids of one job are apart, those of another are others', async () => {
    const other = await desk.create({ process: false });
    await post(a, { uuid: '1' });
    await post([0, 9, 20], { uuid: '2' });
    const there = await desk.ask('POST', `${other.server}/upload-file/${other.id}`, file.subarray(0, 5), {
      'x-oc-upload-uuid': '1',
      'content-range': 'bytes 0-4/5',
    });
    expect(there.body).toMatchObject({ completed: true, size: 5 });
    expect((await post([10, 19, 20], { uuid: '2' })).body).toMatchObject({ completed: true, size: 20 });
    expect((await desk.ask('GET', url(), undefined, { 'x-oc-upload-uuid': '1' })).body).toMatchObject({
      received: 40_000,
    });
  });

  it('the name: of the first slice, not blob, else of the request, else of any slice', async () => {
    const name = async (uuid: string) =>
      (await desk.ask('GET', url(), undefined, { 'x-oc-upload-uuid': uuid })).body.filename;
    await post(b, { uuid: '1', form: true, name: 'later.bin' });
    await post(c, { uuid: '1', form: true, name: 'later.bin' });
    await post(a, { uuid: '1', form: true, name: 'C:\\temp\\first.bin' });
    expect(await name('1')).toBe('first.bin');
    for (const place of [a, b, c]) {
      const { body, headers } = chunkOf(file, place, { uuid: '2', form: true, name: 'blob' });
      const disposition = place === b ? { 'content-disposition': 'attachment; filename="from header.bin"' } : {};
      await desk.ask('POST', url(), body, { ...headers, ...disposition });
    }
    expect(await name('2')).toBe('from header.bin');
    for (const place of [b, c]) await post(place, { uuid: '3', form: true, name: 'any.bin' });
    await post(a, { uuid: '3' });
    expect(await name('3')).toBe('any.bin');
  });

  it('the last chunk starts a job with process true, and its repeat is answered again', async () => {
    job = await desk.create({ conversion: [{ target: 'mirror' }] });
    await post(c);
    await post(a);
    const last = await post(b);
    expect(last.body).toMatchObject({ completed: true });
    await desk.until(job.id, 'completed');
    expect((await post(b)).body).toMatchObject({ completed: true, id: last.body.id });
    expect((await post([0, 9, 10], { uuid: 'late' })).status).toBe(409);
  });

  it('a PATCH that starts the job drops uploads that are not complete', async () => {
    const open = async () => (await desk.server.host.engine.list({ states: ['open', 'sealed'] })).map(({ id }) => id);
    const before = await open();
    await post(a, { uuid: 'open' });
    await desk.upload(job, 'b.txt', 'whole');
    const started = await desk.ask('PATCH', `/v2/jobs/${job.id}`, { process: true });
    expect(started.body.status.code).toBe('processing');
    await desk.until(job.id, 'completed');
    expect((await post(b, { uuid: 'open' })).status).toBe(409);
    expect(await open()).toEqual(before);
    expect(await inputs()).toHaveLength(1);
  });

  it('a PATCH with no input yet is stored: the job starts with the first upload that is complete', async () => {
    await post(a);
    const patched = await desk.ask('PATCH', `/v2/jobs/${job.id}`, { process: true });
    expect([patched.status, patched.body.status.code]).toEqual([200, 'incomplete']);
    await post(b);
    await post(c);
    const done = await desk.until(job.id, 'completed');
    expect(done.output).toMatchObject([{ size: 100_000, checksum: md5 }]);
  });

  it('an idle upload ends after a day, and its uuid is free again', async () => {
    await post(a);
    desk.server.clock.advance(24 * 3600_000 + 1);
    await desk.server.host.engine.expire();
    expect((await desk.ask('GET', url(), undefined, { 'x-oc-upload-uuid': 'u1' })).status).toBe(404);
    expect((await post([0, 4, 10])).body).toMatchObject({ completed: false, received: 5, total: 10 });
  });
});
