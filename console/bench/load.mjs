// Opens uploads and has each of them grow by a chunk in turn, until it is ended: `node load.mjs '{"port":…}'`. Says "open" when all are.
import { setTimeout as delay } from 'node:timers/promises';
import { Connection, head, inParallel } from '../../server/bench/load/connection.mjs';

const { port, headers, uploads, perSecond, chunk, size } = JSON.parse(process.argv[2]);
const tus = { ...headers, 'tus-resumable': '1.0.0' };
const names = ['interview.mov', 'backup.tar', 'holiday.jpg', 'plans.pdf', 'tape-7.wav'];
const bytes = Buffer.alloc(chunk, 7);
const parallel = 8;

const connections = await Promise.all(Array.from({ length: parallel }, () => Connection.open(port)));
const open = [];
await inParallel(connections, uploads, async (each, connection) => {
  const name = Buffer.from(`${each} ${names[each % names.length]}`).toString('base64');
  const all = { ...tus, 'upload-length': size, 'upload-metadata': `filename ${name}`, 'content-length': 0 };
  const { headers: said } = await connection.exchange(201, [head('POST', '/files/', all)]);
  open.push({ path: new URL(said.location, 'http://127.0.0.1').pathname, offset: 0 });
});
console.log('open');

// In bursts of a tenth of a second, so that timers do not set the pace.
const burst = Math.max(1, Math.round(perSecond / 10));
for (let next = 0; open.length > 0; ) {
  const begun = performance.now();
  await inParallel(connections, burst, async (each, connection) => {
    const upload = open[(next + each) % open.length];
    const all = {
      ...tus,
      'content-type': 'application/offset+octet-stream',
      'upload-offset': upload.offset,
      'content-length': chunk,
    };
    await connection.exchange(204, [head('PATCH', upload.path, all), bytes]);
    upload.offset += chunk;
  });
  next += burst;
  await delay(Math.max(0, 100 - (performance.now() - begun)));
}
