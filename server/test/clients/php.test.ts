import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { output } from '../output.js';
import { account } from '../server-process.js';
import { describeWith, lackingPhp } from './needs.js';
import { allWithServer, folder, served } from './served.js';
import { countStored, sha1 } from './stored.js';

const program = fileURLToPath(new URL('programs/soap-upload.php', import.meta.url));
const chunkSize = 256_000;

interface Status {
  readonly State: string;
  readonly UploadToken: string;
  readonly ContentId: number | null;
  readonly MatchingFiles?: { readonly ContentInfo: readonly { readonly Id: number; readonly FileName: string }[] };
}

interface Outcome<Result> {
  readonly result?: Result;
  readonly fault?: string;
  readonly message?: string | null;
  readonly requestHeaders?: string;
}

describeWith('PHP SoapClient', lackingPhp(), () => {
  allWithServer();

  async function step<Result>(task: object): Promise<Outcome<Result>> {
    const whole = {
      wsdl: `${served.url}/Uploads/2014/07/SOAP/WSDL/`,
      login: account.login,
      password: account.password,
      soapVersion: '1.1',
      ...task,
    };
    return JSON.parse(await output('php', [program], { input: JSON.stringify(whole) })) as Outcome<Result>;
  }

  /** A file of random bytes: its path, its bytes, and the offsets of its chunks, last first. */
  async function newFile(name: string, size = 5 * chunkSize + 777) {
    const bytes = randomBytes(size);
    const file = join(folder, name);
    await writeFile(file, bytes);
    const offsets = Array.from({ length: Math.ceil(size / chunkSize) }, (_, index) => index * chunkSize).reverse();
    return { bytes, file, offsets, facts: { FileName: name, FileSize: size, VirtualPath: '\\Shared\\Incoming\\' } };
  }

  /** Start, chunks last first shared out among so many PHP processes at once, complete; all told by one style. */
  async function upload(name: string, style: object, processes: number) {
    const { bytes, file, offsets, facts } = await newFile(name);
    const args = { ...facts, ChunksCount: offsets.length, ContentType: 'Video', SHA1Hash: sha1(bytes) };
    const started = await step<Status>({ ...style, step: 'start', args });
    expect(started).toMatchObject({ result: { State: 'Started' } });
    const uploadToken = started.result?.UploadToken ?? '';
    const shares = Array.from({ length: processes }, (_, i) => offsets.filter((_offset, at) => at % processes === i));
    const sent = await Promise.all(
      shares.map((share) =>
        step<boolean[]>({ ...style, step: 'append', uploadToken, file, chunkSize, offsets: share }),
      ),
    );
    for (const [i, { result }] of sent.entries()) expect(result).toEqual(shares[i]?.map(() => true));
    const status = await step<Status>({ ...style, step: 'status', uploadToken });
    expect(['Uploaded', 'Verified']).toContain(status.result?.State);
    const completed = await step<Status>({ ...style, step: 'complete', args: { ...facts, UploadToken: uploadToken } });
    expect(completed).toMatchObject({ result: { State: 'Completed' } });
    expect(completed.result?.ContentId).toBeGreaterThan(0);
    expect(await countStored(served.dataDir, bytes)).toBe(1);
    return { sent, bytes, facts, contentId: completed.result?.ContentId };
  }

  it('uploads with SOAP 1.1, chunks out of order', async () => {
    await upload('php-1.1.mp4', { soapVersion: '1.1' }, 1);
  });

  it('uploads with SOAP 1.2, chunks out of order', async () => {
    await upload('php-1.2.mp4', { soapVersion: '1.2' }, 1);
  });

  it('uploads from several processes at once', async () => {
    await upload('php-parallel.mp4', {}, 3);
  });

  it('compresses its requests', async () => {
    const { sent } = await upload('php-gzip.mp4', { compression: true }, 1);
    expect(sent[0]?.requestHeaders).toMatch(/^Content-Encoding: gzip\r?$/im);
  });

  it('logs in as account/login', async () => {
    await upload('php-account.mp4', { login: `Acme/${account.login}` }, 1);
  });

  it('is told of content that is there already', async () => {
    const { bytes, facts, contentId } = await upload('php-twice.mp4', {}, 1);
    const again = await step<Status>({ step: 'start', args: { ...facts, SHA1Hash: sha1(bytes) } });
    expect(again.result?.MatchingFiles?.ContentInfo).toMatchObject([{ Id: contentId, FileName: 'php-twice.mp4' }]);
  });

  it('reads a refusal from the fault', async () => {
    const refused = await step({ step: 'start', args: { FileName: '', FileSize: 10 } });
    expect(refused.fault).toBe('The creator of this fault did not specify a Reason.');
    expect(refused.message).toMatch(/name/i);
  });

  it('is refused with a wrong password', async () => {
    const refused = await step({ step: 'start', password: 'wrong', args: { FileName: 'a.mp4', FileSize: 10 } });
    expect(refused.fault).toBeDefined();
    expect(refused.message ?? null).toBeNull();
  });

  it('cannot complete a file with another SHA-1', async () => {
    const { bytes, file, offsets, facts } = await newFile('php-corrupt.mp4');
    const started = await step<Status>({ step: 'start', args: { ...facts, SHA1Hash: sha1(Buffer.from('other')) } });
    const uploadToken = started.result?.UploadToken ?? '';
    await step({ step: 'append', uploadToken, file, chunkSize, offsets });
    const refused = await step({ step: 'complete', args: { ...facts, UploadToken: uploadToken } });
    expect(refused.fault).toBe('The creator of this fault did not specify a Reason.');
    const status = await step<Status>({ step: 'status', uploadToken });
    expect(status.result?.State).toBe('Corrupted');
    expect(bytes.length).toBe(facts.FileSize);
  });
});
