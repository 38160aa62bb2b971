import { randomFillSync } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { secondsSince, serveJob } from './job.mjs';

const pieceBytes = 1024 * 1024;
const pattern = randomFillSync(Buffer.allocUnsafe(pieceBytes));

async function write(path, size) {
  const file = await open(path, 'wx');
  for (let left = size; left > 0; left -= pieceBytes) await file.write(pattern, 0, Math.min(pieceBytes, left));
  await file.datasync();
  await file.close();
}

/** What the disk itself takes: files plainly written and synced, so many at once, with no server between. */
async function* plainWrites({ dir, work }) {
  await mkdir(dir, { recursive: true });
  yield null;
  let next = 0;
  const begin = process.hrtime.bigint();
  await Promise.all(
    Array.from({ length: work.parallel }, async () => {
      while (next < work.files) await write(join(dir, String(next++)), work.size);
    }),
  );
  yield { seconds: secondsSince(begin), bytes: work.files * work.size };
}

await serveJob(plainWrites);
