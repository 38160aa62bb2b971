import { once } from 'node:events';
import { get } from 'node:http';
import { Connection, head, inParallel } from './connection.mjs';
import { secondsSince, serveJob } from './job.mjs';

const tus = { 'tus-resumable': '1.0.0' };

async function create(connection, { path, headers }, size) {
  const all = { ...headers, ...tus, 'upload-length': size, 'content-length': 0 };
  const { headers: said } = await connection.exchange(201, [head('POST', path, all)]);
  return { path: new URL(said.location, 'http://127.0.0.1').pathname, offset: 0 };
}

/** Sends the next chunk of an upload. */
async function send(connection, { headers }, upload, chunk) {
  const all = {
    ...headers,
    ...tus,
    'content-type': 'application/offset+octet-stream',
    'upload-offset': upload.offset,
    'content-length': chunk.length,
  };
  await connection.exchange(204, [head('PATCH', upload.path, all), chunk]);
  upload.offset += chunk.length;
}

/** Somebody who reads the stream; `bytes` counts what it was told. */
async function watch(port, { headers }) {
  const request = get({ host: '127.0.0.1', port, path: '/api/stream', headers });
  const [answer] = await once(request, 'response');
  if (answer.statusCode !== 200) throw new Error(`the stream was answered with ${answer.statusCode}`);
  const watcher = { bytes: 0, close: () => request.destroy() };
  request.on('error', () => undefined);
  answer.on('error', () => undefined);
  answer.on('data', (piece) => {
    watcher.bytes += piece.length;
  });
  await once(answer, 'data');
  return watcher;
}

/** How often each upload gets a chunk before anything is measured. */
const warmUps = 4;

/** Many uploads, each of which gets a chunk in turn, while nobody, one or several watch. */
async function* watchedUploads({ port, target, work }) {
  const { uploads, chunk, passes, parallel } = work;
  const bytes = Buffer.alloc(chunk, 7);
  const connections = await Promise.all(Array.from({ length: parallel }, () => Connection.open(port)));
  const live = [];
  const size = (warmUps + work.watchers.length * passes) * chunk + 1;
  await inParallel(connections, uploads, async (_, each) => live.push(await create(each, target, size)));
  const pass = () => inParallel(connections, uploads, (index, each) => send(each, target, live[index], bytes));
  for (let each = 0; each < warmUps; each += 1) await pass();
  for (const count of work.watchers) {
    const watchers = await Promise.all(Array.from({ length: count }, () => watch(port, target)));
    const before = watchers.reduce((sum, each) => sum + each.bytes, 0);
    yield null;
    const begin = process.hrtime.bigint();
    for (let each = 0; each < passes; each += 1) await pass();
    const seconds = secondsSince(begin);
    const told = watchers.reduce((sum, each) => sum + each.bytes, 0) - before;
    yield { watchers: count, seconds, bytes: uploads * passes * chunk, told };
    for (const each of watchers) each.close();
  }
  for (const each of connections) each.close();
}

await serveJob(watchedUploads);
