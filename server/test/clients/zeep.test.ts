import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { output } from '../output.js';
import { account } from '../server-process.js';
import { describeWith, lackingZeep, python } from './needs.js';
import { allWithServer, folder, served } from './served.js';
import { countStored } from './stored.js';

const program = fileURLToPath(new URL('programs/soap_upload.py', import.meta.url));

interface Outcome {
  readonly upload: {
    readonly started: string;
    readonly answers: readonly boolean[];
    readonly received: string;
    readonly completed: string;
    readonly contentId: number;
  };
  readonly refused: { readonly fault: string; readonly message: string | null } | null;
}

describeWith('zeep', lackingZeep(), () => {
  allWithServer();

  it('uploads from four threads in random order, and reads a refusal', async () => {
    const bytes = randomBytes(2_000_003);
    const file = join(folder, 'lake.bin');
    await writeFile(file, bytes);
    const task = {
      wsdl: `${served.url}/Uploads/2014/07/SOAP/WSDL/`,
      login: `Acme/${account.login}`,
      password: account.password,
      file,
      fileName: 'zeep.bin',
      chunkSize: 256 * 1024,
      threads: 4,
    };
    const said = await output(python, [program], { input: JSON.stringify(task) });
    const { upload, refused } = JSON.parse(said) as Outcome;
    expect(upload.started).toBe('Started');
    expect(upload.answers).toEqual(Array.from({ length: 8 }, () => true));
    expect(['Uploaded', 'Verified']).toContain(upload.received);
    expect(upload.completed).toBe('Completed');
    expect(upload.contentId).toBeGreaterThan(0);
    expect(await countStored(served.dataDir, bytes)).toBe(1);
    expect(refused?.fault).toBe('The creator of this fault did not specify a Reason.');
    expect(refused?.message).toMatch(/name/i);
  });
});
