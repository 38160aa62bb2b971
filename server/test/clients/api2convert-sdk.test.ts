import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { halves, pdf } from '../api2convert/samples.js';
import { output } from '../output.js';
import { lacking, python } from './needs.js';
import { allWithServer, folder, served } from './served.js';

// The vendor's SDK for Python, the package `api2convert` of PyPI, which Debian does not have: `python3 -m pip install api2convert`.

const program = fileURLToPath(new URL('programs/api2convert_sdk.py', import.meta.url));

interface Outcome {
  readonly digest: string;
  readonly picture: string;
  readonly locked: string;
  readonly stamped: string;
  readonly refused: readonly [error: string, message: string];
  readonly hashes: number;
}

const missing = lacking(python, ['-c', 'import api2convert'], 'api2convert, a package of PyPI');
if (missing !== undefined) process.stderr.write(`Left out: the vendor's SDK for Python (${missing})\n`);
else
  describe('api2convert, the vendor’s SDK for Python', () => {
    allWithServer();

    it('uploads, starts, waits and downloads', async () => {
      const bytes = randomBytes(300_000);
      const samples = { file: { name: 'lake.bin', bytes }, picture: await halves(60, 40), document: pdf('One', 'Two') };
      const paths: Record<string, string> = {};
      for (const [what, sample] of Object.entries(samples)) {
        const path = join(folder, sample.name);
        await writeFile(path, sample.bytes);
        paths[what] = path;
      }
      const task = { url: `${served.url}/v2`, key: served.key, folder, ...paths };
      const outcome = JSON.parse(await output(python, [program], { input: JSON.stringify(task) })) as Outcome;
      expect(outcome.digest.trim()).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(await sharp(outcome.picture).metadata()).toMatchObject({ format: 'webp', width: 20, height: 13 });
      expect(outcome.locked).toBe('a stream');
      const stamped = await readFile(outcome.stamped, 'latin1');
      expect([stamped.startsWith('%PDF-'), stamped.match(/\/Subtype ?\/Image/g)?.length]).toEqual([true, 2]);
      expect(outcome.refused[1]).toContain('nothing-of-the-kind');
      expect(outcome.hashes).toBe(6);
    });
  });
