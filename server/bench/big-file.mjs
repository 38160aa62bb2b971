// Uploads one file of 4.9 GB to the BrightSign dialect: its chunks in random order within a window, several at once, with the
// SHA-1 to be verified at the end. Prints how long it took, how long the finish alone took, and the server's resident memory
// on the way: what it holds of its own, and the most that it had.
//
//     node server/bench/big-file.mjs [--size 4900000000] [--chunk 1048576] [--window 256] [--streams 8]
//
// It starts a server of its own (built before) over a temporary folder, which needs as much room as the file. A window as
// large as the file has chunks (--window 4700) is random order through and through.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '4900000000' },
    chunk: { type: 'string', default: '1048576' },
    window: { type: 'string', default: '256' },
    streams: { type: 'string', default: '8' },
  },
});
const {
  size,
  chunk: chunkSize,
  window,
  streams,
} = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));

const program = fileURLToPath(new URL('../bin/longshore.cjs', import.meta.url));
const data = await mkdtemp(join(tmpdir(), 'longshore-'));
const quiet = ['--http-access-log', 'no'];
// As `npm start` does it.
const words = ['--single-threaded-gc', '--max-semi-space-size=8'];
const server = spawn(
  process.execPath,
  [...words, program, 'serve', '--data', data, '--port', '0', '--host', '127.0.0.1', ...quiet],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
server.stdout.setEncoding('utf8');
let printed = '';
const started = new Promise((resolve) => {
  server.stdout.on('data', (text) => {
    printed += text;
    if (/https?:\/\/127\.0\.0\.1:\d+/.test(printed) && /password/i.test(printed)) resolve();
  });
});
await started;
const origin = /https?:\/\/127\.0\.0\.1:\d+/.exec(printed)[0];
const password = /password: (\S+)/.exec(printed)[1];

const agent = new Agent({ keepAlive: true, maxSockets: streams + 1 });
const security = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const head = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header><w:Security xmlns:w="${security}"><w:UsernameToken><w:Username>admin</w:Username><w:Password>${password}</w:Password></w:UsernameToken></w:Security></e:Header><e:Body>`;

/** Calls an operation and gives the text of an element of the answer. */
const call = (operation, inner, wanted) =>
  new Promise((resolve, reject) => {
    const body = Buffer.from(`${head}<${operation}>${inner}</${operation}></e:Body></e:Envelope>`);
    const headers = { 'content-type': 'text/xml; charset=utf-8', 'content-length': body.length };
    const sent = request(
      `${origin}/Uploads/2014/07/SOAP/Basic/`,
      { method: 'POST', headers, agent },
      async (answer) => {
        let xml = '';
        for await (const piece of answer) xml += piece;
        const text = new RegExp(`<(?:\\w+:)?${wanted}(?: [^>]*)?>([^<]*)<`).exec(xml)?.[1];
        if (text === undefined) reject(new Error(xml));
        else resolve(text);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });

/** A chunk: nearly all zeros, as in a sparse file, with its number in front. */
const chunkAt = (offset) => {
  const bytes = Buffer.alloc(Math.min(chunkSize, size - offset));
  Buffer.from(String(offset)).copy(bytes);
  return bytes;
};

const memory = async () => {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8').catch(() => '');
  const [own, most] = ['RssAnon', 'VmHWM'].map((field) =>
    Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024),
  );
  return `${own} MiB of its own, ${most} MiB at most`;
};

try {
  const hash = createHash('sha1');
  for (let offset = 0; offset < size; offset += chunkSize) hash.update(chunkAt(offset));
  const sha1 = hash.digest('hex');

  const facts = `<args><FileName>big.bin</FileName><FileSize>${size}</FileSize></args>`;
  const token = await call('StartFileUpload', facts, 'UploadToken');
  const offsets = Array.from({ length: Math.ceil(size / chunkSize) }, (_, index) => index * chunkSize);
  const order = [];
  for (let at = 0; at < offsets.length; at += window) {
    const some = offsets.slice(at, at + window);
    order.push(
      ...some
        .map((offset) => [Math.random(), offset])
        .sort(([a], [b]) => a - b)
        .map(([, offset]) => offset),
    );
  }
  const begun = performance.now();
  let next = 0;
  const stream = async () => {
    while (next < order.length) {
      const at = next++;
      if (at > 0 && at % Math.ceil(order.length / 4) === 0)
        process.stdout.write(`${at} of ${order.length} chunks: ${await memory()}\n`);
      const offset = order[at];
      const inner = `<uploadToken>${token}</uploadToken><partNumber>0</partNumber><data>${chunkAt(offset).toString('base64')}</data><offset>${offset}</offset>`;
      if ((await call('AppendChunk', inner, 'AppendChunkResult')) !== 'true') throw new Error('a chunk was not stored');
    }
  };
  await Promise.all(Array.from({ length: streams }, stream));
  const finishing = performance.now();
  const inner = `<args><UploadToken>${token}</UploadToken><SHA1Hash>${sha1}</SHA1Hash></args>`;
  const state = await call('CompleteFileUpload', inner, 'State');
  const ended = performance.now();
  process.stdout.write(
    `${size} bytes, ${streams} streams, chunks of ${chunkSize}, random within ${window}: ${state}\n` +
      `all ${((ended - begun) / 1000).toFixed(1)} s, finish ${((ended - finishing) / 1000).toFixed(1)} s, ${await memory()}\n`,
  );
} finally {
  agent.destroy();
  server.kill('SIGTERM');
  await new Promise((resolve) => server.on('exit', resolve));
  await rm(data, { recursive: true, force: true });
}
