import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startServer } from '../server-process.js';

/** A server that hears callbacks. */
const listening = async () => {
  const heard: string[] = [];
  const receiver = createServer((request, response) => {
    void text(request).then((body) => {
      heard.push(body);
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  onTestFinished(() => {
    receiver.closeAllConnections();
    receiver.close();
  });
  return { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`, heard };
};

it('a server that is killed in the middle of a conversion runs it again, and it completes once, with one callback', async () => {
  const { url: callback, heard } = await listening();
  const server = await startServer({ args: ['--dialects-api2convert-callback-hosts', '127.0.0.1'] });
  onTestFinished(() => server.remove());
  const headers = { 'x-oc-api-key': server.key };
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${server.url}/v2${path}`, { ...init, headers });
    // biome-ignore lint/suspicious/noExplicitAny: answers are looked into as clients do, without types.
    return (await answer.json()) as any;
  };
  // Two outputs of 64 MiB take long enough to be met on the way.
  const conversion = [{ target: 'mirror' }, { category: 'archive', target: 'zip' }];
  const job = await ask('/jobs', { method: 'POST', body: JSON.stringify({ callback, conversion }) });
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(64 * 2 ** 20).fill(7)]), 'big.bin');
  const uploaded = await fetch(`${job.server}/upload-file/${job.id}`, { method: 'POST', body: form, headers });
  expect(uploaded.status).toBe(200);
  const threads = async (): Promise<unknown[]> => ask(`/jobs/${job.id}/threads`);
  const statusOf = async (): Promise<string> => (await ask(`/jobs/${job.id}`)).status.code;
  for (let tries = 0; tries < 500 && (await threads()).length === 0 && (await statusOf()) === 'processing'; tries += 1)
    await delay(2);
  const before = await statusOf();
  await server.kill();
  // Killed too late the test would show nothing.
  expect(before).toBe('processing');
  await server.start();
  for (let tries = 0; tries < 1200 && (await statusOf()) === 'processing'; tries += 1) await delay(50);
  const done = await ask(`/jobs/${job.id}`);
  expect(done.status.code).toBe('completed');
  expect(done.output.map(({ size }: { size: number }) => size)).toEqual([64 * 2 ** 20, expect.any(Number)]);
  for (let tries = 0; tries < 200 && heard.length === 0; tries += 1) await delay(50);
  expect(heard.map((body) => JSON.parse(body).status.code)).toEqual(['completed']);
  const history = await ask(`/jobs/${job.id}/history`);
  expect(history.map(({ status }: { status: string }) => status)).toEqual(['incomplete', 'processing', 'completed']);
  const bytes = new Uint8Array(await (await fetch(done.output[0].uri)).arrayBuffer());
  expect(bytes.length).toBe(64 * 2 ** 20);
  expect(bytes.every((byte) => byte === 7)).toBe(true);
});
