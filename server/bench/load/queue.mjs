import { setTimeout as delay } from 'node:timers/promises';
import { Connection, head, inParallel } from './connection.mjs';
import { secondsSince, serveJob } from './job.mjs';

const bytes = Buffer.alloc(64 * 1024, 7);
/** A picture of one dot. */
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
/** How many jobs there are for one whose conversion needs a process of its own. */
const pictureEvery = 20;

const json = (value) => Buffer.from(JSON.stringify(value));

async function ask(connection, { key }, method, path, body = Buffer.alloc(0), expected = 200) {
  const headers = { 'x-oc-api-key': key, 'content-type': 'application/json', 'content-length': body.length };
  return connection.exchange(expected, [head(method, path, headers), body]);
}

async function addJob(connection, target, index) {
  const conversion =
    index % pictureEvery === 0 ? { category: 'image', target: 'webp' } : { category: 'hash', target: 'sha256' };
  const { body } = await ask(connection, target, 'POST', '/v2/jobs', json({ conversion: [conversion] }), 201);
  const { id, server } = JSON.parse(body);
  const file = { content: `data:image/png;base64,${picture}`, filename: 'dot.png' };
  await ask(connection, target, 'POST', `${new URL(server).pathname}/upload-base64/${id}`, json(file));
  return id;
}

/** ms that a small upload takes, from its first byte out to its answer. */
async function uploadOnce(connection, { headers }) {
  const begin = process.hrtime.bigint();
  const all = {
    ...headers,
    'tus-resumable': '1.0.0',
    'upload-length': bytes.length,
    'content-type': 'application/offset+octet-stream',
    'content-length': bytes.length,
  };
  await connection.exchange(201, [head('POST', '/files/', all), bytes]);
  return secondsSince(begin) * 1000;
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const summed = (waits) => {
  const sorted = [...waits].sort((a, b) => a - b);
  return { median: at(sorted, 0.5), slow: at(sorted, 0.99) };
};

/** Small uploads one after the other: with nothing else to do, and while a full queue of jobs drains. */
async function* drained({ port, target, work }) {
  const connection = await Connection.open(port);
  const others = await Promise.all(Array.from({ length: 8 }, () => Connection.open(port)));
  const measure = async (count) => {
    const waits = [];
    for (let n = 0; n < count; n += 1) waits.push(await uploadOnce(connection, target));
    return waits;
  };
  await measure(work.uploads);
  yield null;
  const idle = await measure(work.uploads);
  const ids = [];
  await inParallel(others, work.jobs, async (index, other) => ids.push(await addJob(other, target, index)));
  const begin = process.hrtime.bigint();
  const busy = [];
  const [asking] = others;
  for (let left = ids; left.length > 0; ) {
    busy.push(...(await measure(10)));
    const { body } = await ask(asking, target, 'GET', `/v2/jobs/${left[0]}`);
    const { code } = JSON.parse(body).status;
    if (code === 'failed') throw new Error(`a job failed: ${body}`);
    if (code === 'completed') left = left.slice(1);
    else await delay(20);
  }
  yield { idle: summed(idle), busy: summed(busy), seconds: secondsSince(begin), jobs: work.jobs };
  for (const each of [connection, ...others]) each.close();
}

await serveJob(drained);
