import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { output } from '../output.js';
import { describeWith, lacking } from './needs.js';
import { allWithServer, folder, served } from './served.js';

const size = 3_000_000;
const bytes = randomBytes(size);
const md5 = createHash('md5').update(bytes).digest('hex');

describeWith('curl and API2Convert', lacking('curl', ['--version'], 'curl'), () => {
  allWithServer();

  /** One curl command with the API key; what it prints is JSON. */
  const curl = async (...args: readonly string[]) => {
    const key = ['-H', `X-Oc-Api-Key: ${served.key}`];
    // biome-ignore lint/suspicious/noExplicitAny: answers are looked into as clients do, without types.
    return JSON.parse(await output('curl', ['-sS', '--max-time', '60', ...key, ...args])) as any;
  };
  const create = (job: object) => curl(`${served.url}/v2/jobs`, '-d', JSON.stringify(job));
  const completed = async (id: string) => {
    for (let tries = 0; tries < 400; tries += 1) {
      const job = await curl(`${served.url}/v2/jobs/${id}`);
      if (job.status.code === 'completed') return job;
      await delay(25);
    }
    throw new Error(`the job ${id} does not complete`);
  };

  it('three files, the PATCH, the poll and the download, as the vendor’s page has it', async () => {
    const job = await create({ process: false, conversion: [{ target: 'sha256' }] });
    const names = ['one.txt', 'two.txt', 'three.txt'];
    for (const name of names) {
      await writeFile(join(folder, name), name);
      const told = await curl(`${job.server}/upload-file/${job.id}`, '-F', `file=@${join(folder, name)}`);
      expect(told.id.job).toBe(job.id);
    }
    const started = await curl('-X', 'PATCH', `${served.url}/v2/jobs/${job.id}`, '-d', '{"process":true}');
    expect(started.status).toEqual({ code: 'processing', info: 'The file is currently being processed.' });
    const { output: outputs } = await completed(job.id);
    const digests: string[] = [];
    for (const { uri } of outputs) digests.push((await output('curl', ['-sS', uri])).trim());
    expect(digests.sort()).toEqual(names.map((name) => createHash('sha256').update(name).digest('hex')).sort());
  });

  it('chunks out of order and at the same time, one repeated, one cut', async () => {
    const job = await create({ process: false, conversion: [{ target: 'mirror' }] });
    const url = `${job.server}/upload-file/${job.id}`;
    const uuid = ['-H', 'X-Oc-Upload-Uuid: 42'];
    const starts = [0, 1, 2, 3, 4, 5].map((index) => index * 500_000);
    for (const start of starts) await writeFile(join(folder, `${start}`), bytes.subarray(start, start + 500_000));
    const send = (start: number, form: boolean) => {
      const path = `@${join(folder, `${start}`)}`;
      const body = form
        ? ['-F', `file=${path};filename=lake.bin`]
        : ['-H', 'Content-Type: application/octet-stream', '--data-binary', path];
      return curl(url, ...uuid, '-H', `Content-Range: bytes ${start}-${start + 499_999}/${size}`, ...body);
    };
    expect(await send(2_500_000, false)).toMatchObject({ completed: false, received: 500_000 });
    // Given up in the middle: 200 kB a second, for one second.
    const cut = ['--limit-rate', '200k', '--max-time', '1', '-H', `Content-Range: bytes 0-499999/${size}`];
    const body = ['-H', 'Content-Type: application/octet-stream', '--data-binary', `@${join(folder, '0')}`];
    await output('curl', ['-sS', '-H', `X-Oc-Token: ${job.token}`, ...uuid, ...cut, ...body, url], { codes: [28] });
    expect((await curl(url, ...uuid)).ranges).toEqual([[2_500_000, 2_999_999]]);
    await Promise.all([send(1_000_000, true), send(500_000, false), send(2_000_000, true), send(500_000, true)]);
    await send(1_500_000, false);
    expect(await send(0, true)).toMatchObject({ completed: true, size, checksum: md5, filename: 'lake.bin' });
    await curl('-X', 'PATCH', `${served.url}/v2/jobs/${job.id}`, '-d', '{"process":true}');
    const [{ uri }] = (await completed(job.id)).output;
    const back = join(folder, 'back.bin');
    await output('curl', ['-sS', '-o', back, uri]);
    expect((await readFile(back)).equals(bytes)).toBe(true);
  });
});
