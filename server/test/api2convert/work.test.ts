import { describe, expect, it, onTestFinished } from 'vitest';
import { api2convertWith } from '../../src/dialects/api2convert/dialect.js';
import { defaultsOf } from '../../src/kit/options.js';
import { type Desk, openDesk, tools } from './desk.js';

/** What happens behind a job: conversions, their faults, the queue, and the end of it all. */
const opened = async (...args: Parameters<typeof openDesk>): Promise<Desk> => {
  const desk = await openDesk(...args);
  onTestFinished(() => desk.close());
  return desk;
};

const filesOf = async ({ server: { host } }: Desk) =>
  (await host.ledger.read((facts) => host.catalog.recent(facts))).map(({ name }) => name).sort();

describe('conversions', () => {
  it('several of several inputs give one output each, with names of their own', async () => {
    const desk = await opened();
    const job = await desk.create({ process: false, conversion: [{ target: 'mirror' }, { target: 'join' }] });
    await desk.upload(job, 'a.txt', 'one');
    await desk.upload(job, 'a.txt', 'two');
    await desk.ask('PATCH', `/v2/jobs/${job.id}`, { process: true });
    const { output, conversion, input } = await desk.until(job.id, 'completed');
    const told = output.map(({ filename, source }: { filename: string; source: object }) => [filename, source]);
    const ids = input.map(({ id }: { id: string }) => id);
    expect(told).toEqual([
      ['a.txt', { conversion: conversion[0].id, input: [ids[0]] }],
      ['a-1.txt', { conversion: conversion[0].id, input: [ids[1]] }],
      ['joined.txt', { conversion: conversion[1].id, input: ids }],
    ]);
    const filtered = await desk.ask(
      'GET',
      `/v2/jobs/${job.id}/output?conversion_id=${conversion[0].id}&input_id=${ids[1]}`,
    );
    expect(filtered.body).toMatchObject([{ filename: 'a-1.txt' }]);
  });

  it('several outputs become one archive, unless they are wanted apart', async () => {
    const desk = await opened();
    const names = async (options: object) => {
      const job = await desk.create({ conversion: [{ target: 'pages', options }] });
      await desk.upload(job, 'doc.txt', 'x');
      return (await desk.until(job.id, 'completed')).output.map(({ filename }: { filename: string }) => filename);
    };
    expect(await names({})).toEqual(['doc.zip']);
    expect(await names({ pages: 1 })).toEqual(['page.txt']);
    const apart = { allow_multiple_outputs: true };
    expect(await names(apart)).toEqual(['page.txt', 'page-1.txt', 'page-2.txt']);
    expect(await names({ ...apart, allow_multiple_outputs_threshold: 2 })).toEqual(['doc.zip']);
    expect(await names({ ...apart, max_outputs_per_input: 2 })).toEqual(['page.txt', 'page-1.txt']);
    expect(await names({ ...apart, pages: 2, output_filename: 'side' })).toEqual(['side.txt', 'side-1.txt']);
    // What is in an archive is not there beside it.
    expect((await filesOf(desk)).filter((name) => name.startsWith('page'))).toHaveLength(6);
  });

  it('one that fails fails the job, with a message and without outputs', async () => {
    const desk = await opened();
    const job = await desk.create({ conversion: [{ target: 'fail' }] });
    await desk.upload(job, 'a.txt', 'a');
    const failed = await desk.until(job.id, 'failed');
    expect(failed.errors).toEqual([
      {
        source: 'conversion',
        id_source: job.conversion[0].id,
        code: expect.any(Number),
        message: 'The file is damaged.',
        details: {},
      },
    ]);
    expect(failed.output).toEqual([]);
    expect(await filesOf(desk)).toEqual(['a.txt']);
  });

  it('one that fails is a warning where the job forgives, but without any output the job fails', async () => {
    const desk = await opened();
    const forgiving = { fail_on_conversion_error: false };
    const job = await desk.create({ ...forgiving, conversion: [{ target: 'fail' }, { target: 'mirror' }] });
    await desk.upload(job, 'a.txt', 'a');
    const done = await desk.until(job.id, 'completed');
    expect([done.errors, done.warnings.length]).toEqual([[], 1]);
    expect(done.output.map(({ filename }: { filename: string }) => filename)).toContain('a.txt');
    const alone = await desk.create({ ...forgiving, input: [], conversion: [{ target: 'fail' }] });
    await desk.upload(alone, 'a.txt', 'a');
    await desk.until(alone.id, 'failed');
  });

  it('a fault that passes is tried again, and the job has each output once', async () => {
    const desk = await opened();
    const job = await desk.create({ conversion: [{ target: 'stumble' }, { target: 'mirror' }] });
    await desk.upload(job, 'a.txt', 'a');
    for (let tries = 0; tries < 200; tries += 1) {
      desk.server.clock.advance(1000);
      if ((await desk.ask('GET', `/v2/jobs/${job.id}`)).body.status.code === 'completed') break;
    }
    const { output } = await desk.until(job.id, 'completed');
    expect(output.map(({ filename }: { filename: string }) => filename)).toEqual(['out.txt', 'a.txt']);
    expect(await filesOf(desk)).toEqual(['a.txt', 'a.txt', 'out.txt']);
  });

  it('one that hangs ends by its time, with a message', async () => {
    const kit = tools();
    kit.shut();
    const desk = await opened({ conversions: kit.conversions, options: { conversionTimeout: 1000 } });
    const job = await desk.create({ conversion: [{ target: 'gate' }] });
    await desk.upload(job, 'a.txt', 'a');
    expect((await desk.until(job.id, 'failed')).errors).toMatchObject([{ message: 'The conversion took too long.' }]);
  });

  it('stopped in the middle, it is run again and completes once', async () => {
    const kit = tools();
    kit.shut();
    const desk = await opened({ conversions: kit.conversions });
    const job = await desk.create({ conversion: [{ target: 'mirror' }, { target: 'gate' }] });
    await desk.upload(job, 'a.txt', 'a');
    for (let tries = 0; kit.began.length === 0 && tries < 500; tries += 1) await desk.ask('GET', '/v2/statuses');
    const threads = await desk.ask('GET', `/v2/jobs/${job.id}/threads`);
    expect(threads.body).toMatchObject([{ status: 75, info: '75 %' }]);
    await desk.server.host.jobs.stop();
    expect((await desk.ask('GET', `/v2/jobs/${job.id}`)).body).toMatchObject({
      status: { code: 'processing' },
      output: [],
    });
    kit.open();
    desk.server.host.jobs.start();
    const done = await desk.until(job.id, 'completed');
    expect(done.output.map(({ filename }: { filename: string }) => filename)).toEqual(['a.txt', 'a.txt.out']);
    expect(await filesOf(desk)).toEqual(['a.txt', 'a.txt', 'a.txt.out']);
  });

  it('given up by the queue, the job fails', async () => {
    const desk = await opened({ work: false });
    const job = await desk.create({ conversion: [{ target: 'mirror' }] });
    await desk.upload(job, 'a.txt', 'a');
    const { host } = desk.server;
    const [work] = await host.jobs.list();
    // As after a process that died each time.
    host.jobs.list = async ({ kind } = {}) => (work && kind === work.kind ? [{ ...work, state: 'failed' }] : []);
    const dialect = api2convertWith(() => []);
    for (const sweep of (await dialect.load()).sweeps?.(host, defaultsOf(dialect.options)) ?? [])
      await sweep.run(new AbortController().signal);
    expect((await desk.ask('GET', `/v2/jobs/${job.id}`)).body.status.code).toBe('failed');
  });
});

describe('a full queue', () => {
  it.each([1, 3])('of a thousand jobs drains in order, with a bounded number at once: %d', async (converters) => {
    const kit = tools();
    kit.shut();
    const desk = await opened({ conversions: kit.conversions, options: { converters } });
    const names = Array.from({ length: 1000 }, (_, index) => `${String(index).padStart(4, '0')}.txt`);
    const jobs: string[] = [];
    for (const filename of names) {
      const input = [{ type: 'base64', source: 'eA==', filename }];
      jobs.push((await desk.create({ input, conversion: [{ target: 'gate' }] })).id);
      desk.server.clock.advance(1);
    }
    kit.open();
    for (const id of jobs) await desk.until(id, 'completed');
    // Those that are begun at the same time are on their way together.
    expect(converters === 1 ? kit.began : [...kit.began].sort()).toEqual(names);
    expect(kit.most()).toBe(converters);
  });
});

describe('the end of a job', () => {
  it('after a day its files are gone, and its outputs have expired; after another it is forgotten', async () => {
    const desk = await opened();
    const job = await desk.create({ conversion: [{ target: 'mirror' }] });
    await desk.upload(job, 'a.txt', 'a');
    const { output } = await desk.until(job.id, 'completed');
    const dialect = api2convertWith(() => []);
    const sweep = async () => {
      for (const each of (await dialect.load()).sweeps?.(desk.server.host, defaultsOf(dialect.options)) ?? [])
        await each.run(new AbortController().signal);
    };
    const day = 24 * 3600_000;
    desk.server.clock.advance(day - 1);
    await sweep();
    expect((await desk.ask('GET', output[0].uri, undefined, null)).status).toBe(200);
    desk.server.clock.advance(2 * day);
    const told = await desk.ask('GET', output[0].uri, undefined, null);
    expect([told.status, told.body.message]).toEqual([410, 'The file has expired.']);
    await sweep();
    expect(await filesOf(desk)).toEqual([]);
    expect((await desk.ask('GET', `/v2/jobs/${job.id}/output`)).body).toMatchObject([{ status: 'expired' }]);
    expect((await desk.ask('GET', output[0].uri, undefined, null)).status).toBe(410);
    desk.server.clock.advance(day);
    await sweep();
    expect((await desk.ask('GET', `/v2/jobs/${job.id}`)).status).toBe(404);
    const left = await desk.server.host.ledger.read((facts) => facts.list({ prefix: 'api2convert/' }));
    expect(left.map(({ key }) => key).filter((key) => !key.startsWith('api2convert/stats/'))).toEqual([]);
  });
});
