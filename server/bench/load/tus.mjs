import { randomFillSync } from 'node:crypto';
import { Connection, head, inParallel } from './connection.mjs';
import { secondsSince, serveJob } from './job.mjs';

const pieceBytes = 1024 * 1024;
const pattern = randomFillSync(Buffer.allocUnsafe(pieceBytes));

function* body(length) {
  for (let left = length; left > 0; left -= pieceBytes) yield left < pieceBytes ? pattern.subarray(0, left) : pattern;
}

function* request(method, path, headers, length) {
  const first = head(method, path, { ...headers, 'tus-resumable': '1.0.0', 'content-length': length });
  // A small request goes out in one write, as a browser would send it.
  if (length <= 64 * 1024) yield Buffer.concat([first, pattern.subarray(0, length)]);
  else {
    yield first;
    yield* body(length);
  }
}

const offsetType = { 'content-type': 'application/offset+octet-stream' };

async function create(connection, target, size, firstChunk = 0) {
  const headers = { ...target.headers, 'upload-length': size, ...(firstChunk > 0 ? offsetType : {}) };
  const { headers: said } = await connection.exchange(201, request('POST', target.path, headers, firstChunk));
  return new URL(said.location, 'http://127.0.0.1').pathname;
}

async function patch(connection, target, path, offset, length) {
  const headers = { ...target.headers, ...offsetType, 'upload-offset': offset };
  const { headers: said } = await connection.exchange(204, request('PATCH', path, headers, length));
  if (Number(said['upload-offset']) !== offset + length) throw new Error(`wrong offset ${said['upload-offset']}`);
}

/** One file from its creation to its last byte. */
async function upload(connection, target, { size, chunk, withCreation }) {
  const first = withCreation ? Math.min(chunk, size) : 0;
  const path = await create(connection, target, size, first);
  for (let at = first; at < size; at += chunk) await patch(connection, target, path, at, Math.min(chunk, size - at));
}

const connections = (port, count) => Promise.all(Array.from({ length: count }, () => Connection.open(port)));

const close = (open) => {
  for (const connection of open) connection.close();
};

/** Whole files: warm-up, then the work that counts. */
async function* wholeFiles({ port, target, work }) {
  const open = await connections(port, work.parallel);
  await inParallel(open, work.warmUp.files, (_, connection) => upload(connection, target, { ...work, ...work.warmUp }));
  yield null;
  const begin = process.hrtime.bigint();
  await inParallel(open, work.files, (_, connection) => upload(connection, target, work));
  yield { seconds: secondsSince(begin), bytes: work.files * work.size };
  close(open);
}

/** Uploads left open: once to warm up, once to be weighed, and once with every PATCH held open half-way. */
async function* leftOpen({ port, target, work }) {
  const open = await connections(port, work.parallel);
  const begun = async (_, connection) => {
    const path = await create(connection, target, work.size);
    await patch(connection, target, path, 0, work.chunk);
  };
  for (const phase of ['warm', 'open']) {
    await inParallel(open, work.files, begun);
    yield phase;
  }
  const held = await connections(port, work.files);
  await inParallel(held, work.files, async (_, connection) => {
    const path = await create(connection, target, work.size);
    const headers = { ...target.headers, ...offsetType, 'upload-offset': 0 };
    const [first] = request('PATCH', path, headers, work.size);
    await connection.send([first, pattern.subarray(0, work.chunk)]);
  });
  yield 'held';
  close([...open, ...held]);
}

await serveJob((job) => (job.work.leaveOpen ? leftOpen(job) : wholeFiles(job)));
