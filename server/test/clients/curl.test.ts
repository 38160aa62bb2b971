import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { faultProxy } from '../fault-proxy.js';
import { output } from '../output.js';
import { describeWith, lacking } from './needs.js';
import { allWithServer, folder, served } from './served.js';

const bytes = randomBytes(1_500_000);

describeWith('curl', lacking('curl', ['--version'], 'curl'), () => {
  allWithServer();

  let file: string;
  beforeAll(async () => {
    file = join(folder, 'lake.bin');
    await writeFile(file, bytes);
  });

  /** One curl command with the login and tus version; gives what it prints. */
  const bare = (args: readonly string[], codes: readonly number[] = [0]) => {
    const login = ['-H', `Authorization: Bearer ${served.key}`, '-H', 'Tus-Resumable: 1.0.0'];
    return output('curl', ['-sS', '--max-time', '60', ...login, ...args], { codes });
  };

  /** The same, with the heads of all answers among what it prints. */
  const curl = (args: readonly string[], codes?: readonly number[]) => bare(['-i', ...args], codes);

  const header = (shown: string, name: string) => new RegExp(`^${name}: (.*?)\\r?$`, 'im').exec(shown)?.[1] ?? '';

  const create = async (length: number) => {
    const shown = await curl(['-X', 'POST', '-H', `Upload-Length: ${length}`, `${served.url}/files/`]);
    expect(shown).toContain('HTTP/1.1 201');
    return new URL(header(shown, 'Location'), served.url).href;
  };

  const patch = (offset: number) => [
    ...['-X', 'PATCH', '-H', 'Content-Type: application/offset+octet-stream', '-H', `Upload-Offset: ${offset}`],
  ];

  const stored = async (url: string, args: readonly string[] = []) => {
    const target = join(folder, 'back.bin');
    const shown = await bare([...args, '-D', '-', '-o', target, url]);
    return { shown, bytes: await readFile(target) };
  };

  it('uploads a file with one PATCH', async () => {
    const url = await create(bytes.length);
    const shown = await curl([...patch(0), '-T', file, url]);
    expect(shown).toContain('HTTP/1.1 204');
    expect(header(shown, 'Upload-Offset')).toBe(String(bytes.length));
    expect((await stored(url)).bytes.equals(bytes)).toBe(true);
  });

  it('waits for 100 Continue, and is refused before it has sent its bytes', async () => {
    const url = await create(bytes.length);
    const refused = await curl([
      ...patch(5),
      '-H',
      'Expect: 100-continue',
      '--expect100-timeout',
      '60',
      '-T',
      file,
      url,
    ]);
    expect(refused).toContain('HTTP/1.1 409');
    expect(refused).not.toContain('100 Continue');
    const taken = await curl([...patch(0), '-H', 'Expect: 100-continue', '--expect100-timeout', '60', '-T', file, url]);
    expect(taken).toContain('HTTP/1.1 100 Continue');
    expect(taken).toContain('HTTP/1.1 204');
    expect((await stored(url)).bytes.equals(bytes)).toBe(true);
  });

  it('sends a body whose length it does not say', async () => {
    const url = await create(bytes.length);
    const shown = await curl([...patch(0), '-H', 'Transfer-Encoding: chunked', '--data-binary', `@${file}`, url]);
    expect(header(shown, 'Upload-Offset')).toBe(String(bytes.length));
    expect((await stored(url)).bytes.equals(bytes)).toBe(true);
  });

  it('goes on where a cut left it', async () => {
    const proxy = await faultProxy(served.port);
    try {
      const url = await create(bytes.length);
      proxy.order({ kind: 'cut', after: 600_000 });
      // 55 and 56: sending or receiving failed.
      await curl([...patch(0), '-T', file, proxy.url + new URL(url).pathname], [55, 56]);
      const offset = Number(header(await curl(['-I', url]), 'Upload-Offset'));
      expect(offset).toBeGreaterThan(0);
      expect(offset).toBeLessThan(600_000);
      const rest = join(folder, 'rest.bin');
      await writeFile(rest, bytes.subarray(offset));
      const shown = await curl([...patch(offset), '-T', rest, url]);
      expect(header(shown, 'Upload-Offset')).toBe(String(bytes.length));
      expect((await stored(url)).bytes.equals(bytes)).toBe(true);
    } finally {
      await proxy.close();
    }
  });

  it('creates and uploads at once, then fetches a range', async () => {
    const created = await curl([
      ...['-X', 'POST', '-H', `Upload-Length: ${bytes.length}`, '-H', 'Content-Type: application/offset+octet-stream'],
      ...['--data-binary', `@${file}`, `${served.url}/files/`],
    ]);
    expect(created).toContain('HTTP/1.1 201');
    expect(header(created, 'Upload-Offset')).toBe(String(bytes.length));
    const url = new URL(header(created, 'Location'), served.url).href;
    const part = await stored(url, ['-r', '1000000-1000099']);
    expect(part.shown).toContain('HTTP/1.1 206');
    expect(header(part.shown, 'Content-Range')).toBe('bytes 1000000-1000099/1500000');
    expect(part.bytes.equals(bytes.subarray(1_000_000, 1_000_100))).toBe(true);
  });
});
