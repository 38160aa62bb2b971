import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk, type Told } from './desk.js';

/** Outputs and their downloads (specs/api2convert.md §7). */
let desk: Desk;

beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

const made = async (job: object = {}, name = 'a.txt', content = '0123456789'): Promise<Told['body']> => {
  const created = await desk.create({ conversion: [{ target: 'mirror' }], ...job });
  await desk.upload(created, name, content);
  return desk.until(created.id, 'completed');
};
const get = (uri: string, headers: Record<string, string> = {}, method = 'GET') => fetch(uri, { method, headers });
const counted = async (job: Told['body']) =>
  (await desk.ask('GET', `/v2/jobs/${job.id}/output/${job.output[0].id}`)).body.downloads_counter;

describe('an output', () => {
  it('is told as the vendor tells it', async () => {
    const job = await made();
    expect(job.output).toEqual([
      {
        id: expect.any(String),
        source: { conversion: job.conversion[0].id, input: [job.input[0].id] },
        filename: 'a.txt',
        uri: `${job.server}/download-file/${job.id}/a.txt`,
        size: 10,
        status: 'enabled',
        content_type: 'text/plain',
        downloads_counter: 0,
        checksum: '781e5e245d69b566979b86e28d23f2c7',
        created_at: '2026-01-01T00:00:00',
        metadata: [],
      },
    ]);
  });

  it('comes whole or in ranges; what begins at byte 0 counts', async () => {
    const job = await made();
    const { uri } = job.output[0];
    const whole = await get(uri, { accept: 'application/json' });
    expect([whole.status, whole.headers.get('content-length'), await whole.text()]).toEqual([200, '10', '0123456789']);
    const part = await get(uri, { range: 'bytes=4-6' });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 4-6/10', '456']);
    expect(await counted(job)).toBe(1);
    await (await get(uri, { range: 'bytes=0-3' })).text();
    await get(uri, {}, 'HEAD');
    expect(await counted(job)).toBe(2);
    expect((await get(uri, { range: 'bytes=10-' })).status).toBe(416);
  });

  it('is found by its id, too, and comes as base64', async () => {
    const job = await made({}, 'naïve plan #1.txt');
    const [{ id, uri }] = job.output;
    expect(uri).toMatch(/\/na%C3%AFve%20plan%20%231\.txt$/);
    for (const at of [
      uri,
      `${job.server}/download-file/${job.id}/${id}`,
      `${job.server}/download-file/${job.id}/${id}/x.bin`,
    ])
      expect(await (await get(at)).text(), at).toBe('0123456789');
    expect(await (await get(`${uri}?encoding=base64`)).text()).toBe('MDEyMzQ1Njc4OQ==');
    expect((await get(`${job.server}/download-file/${job.id}/other.txt`)).status).toBe(404);
    expect((await get(`${job.server}/download-file/${id}/a.txt`)).status).toBe(404);
  });

  it('asks for a password: of the job, of its conversion, or its own', async () => {
    const open = async (job: Told['body'], headers: Record<string, string>) =>
      (await get(job.output[0].uri, headers)).status;
    const one = await made({ download_passwords: ['s,1', 'two'] });
    expect(one.download_passwords).toBeUndefined();
    expect(await open(one, {})).toBe(401);
    expect(await open(one, { 'x-oc-download-password': 'wrong' })).toBe(401);
    expect(await open(one, { 'x-oc-download-password': 's,1' })).toBe(200);
    expect(await open(one, { 'x-api2convert-download-password': 'wrong, two' })).toBe(200);
    expect(await open(one, { cookie: 'a=b; x-oc-download-password=two' })).toBe(200);
    const two = await made({ conversion: [{ target: 'mirror', options: { download_password: 'mine' } }] });
    expect(two.conversion[0].options).toEqual([]);
    expect([await open(two, {}), await open(two, { 'x-oc-download-password': 'mine' })]).toEqual([401, 200]);
    const three = await made();
    await desk.ask('PATCH', `/v2/jobs/${three.id}/output/${three.output[0].id}`, { download_password: 'own' });
    expect([await open(three, {}), await open(three, { 'x-oc-download-password': 'own' })]).toEqual([401, 200]);
    await desk.ask('PATCH', `/v2/jobs/${three.id}`, { download_passwords: ['all'] });
    expect(await open(three, { 'x-oc-download-password': 'all' })).toBe(200);
  });

  it('may be downloaded ten times', async () => {
    const job = await made();
    const { uri } = job.output[0];
    for (let time = 0; time < 10; time += 1) expect((await (await get(uri)).text()).length).toBe(10);
    const eleventh = await get(uri);
    expect([eleventh.status, await eleventh.json()]).toMatchObject([410, { code: 410 }]);
    expect((await get(uri, {}, 'HEAD')).status).toBe(410);
    // The rest of the tenth.
    expect((await get(uri, { range: 'bytes=5-' })).status).toBe(206);
    expect((await desk.ask('GET', `/v2/jobs/${job.id}/output`)).body[0]).toMatchObject({
      status: 'overuse',
      downloads_counter: 10,
    });
  });

  it('is renamed without its extension, and removed', async () => {
    const job = await made({ conversion: [{ target: 'mirror' }, { target: 'join' }] });
    const at = `/v2/jobs/${job.id}/output`;
    const [first, second] = job.output;
    const renamed = await desk.ask('PATCH', `${at}/${first.id}`, { filename: 'new name' });
    expect(renamed.body).toMatchObject({ filename: 'new name.txt' });
    expect((await get(renamed.body.uri)).status).toBe(200);
    expect((await get(first.uri)).status).toBe(404);
    const all = await desk.ask('PATCH', at, { filename: 'same' });
    expect(all.body.map(({ filename }: { filename: string }) => filename)).toEqual(['same.txt', 'same-1.txt']);
    expect((await desk.ask('DELETE', `${at}/${first.id}`)).status).toBe(204);
    expect((await desk.ask('DELETE', `${at}/${first.id}`)).status).toBe(204);
    const gone = await get(all.body[0].uri);
    expect([gone.status, await gone.json()]).toMatchObject([410, { message: 'The file has been removed.' }]);
    expect((await desk.ask('GET', `${at}/${first.id}`)).body.status).toBe('disabled');
    expect((await desk.ask('PATCH', `${at}/${first.id}`, { filename: 'x' })).status).toBe(409);
    expect((await desk.ask('DELETE', `${at}/${second.id}0`)).status).toBe(404);
  });
});
