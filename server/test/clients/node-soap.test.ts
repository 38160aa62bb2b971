import { randomBytes } from 'node:crypto';
import { type Client, createClientAsync, WSSecurity } from 'soap';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, type ServerProcess, startServer } from '../server-process.js';
import { countStored, sha1 } from './stored.js';

const chunkSize = 256 * 1024;

let served: ServerProcess;
let client: Client;

beforeAll(async () => {
  served = await startServer();
  client = await createClientAsync(`${served.url}/Uploads/2014/07/SOAP/WSDL/`);
  client.setSecurity(new WSSecurity(account.login, account.password, { passwordType: 'PasswordText', hasNonce: true }));
});
afterAll(() => served.remove());

/** Calls an operation and gives its result element. */
async function call(operation: string, args: object): Promise<Record<string, unknown>> {
  const method: unknown = client[`${operation}Async`];
  if (typeof method !== 'function') throw new Error(`the WSDL has no ${operation}`);
  const [answer] = (await Reflect.apply(method, client, [args])) as [Record<string, unknown>];
  const result = answer[`${operation}Result`];
  return typeof result === 'object' && result !== null ? (result as Record<string, unknown>) : { value: result };
}

/** The chunks of a file, last first. */
const chunksOf = (bytes: Buffer) =>
  Array.from({ length: Math.ceil(bytes.length / chunkSize) }, (_, partNumber) => ({
    partNumber,
    offset: partNumber * chunkSize,
    data: bytes.subarray(partNumber * chunkSize, (partNumber + 1) * chunkSize).toString('base64'),
  })).reverse();

const append = (uploadToken: unknown, { partNumber, offset, data }: ReturnType<typeof chunksOf>[number]) =>
  call('AppendChunk', { uploadToken, partNumber, data, offset });

describe('node soap', () => {
  it('uploads chunks in parallel and out of order', async () => {
    const bytes = randomBytes(2_000_003);
    const facts = { FileName: 'node-soap.bin', FileSize: bytes.length, VirtualPath: '\\Shared\\Incoming\\' };
    const started = await call('StartFileUpload', { args: { ...facts, SHA1Hash: sha1(bytes) } });
    expect(started['State']).toBe('Started');
    const answers = await Promise.all(chunksOf(bytes).map((chunk) => append(started['UploadToken'], chunk)));
    expect(answers.every(({ value }) => value === true)).toBe(true);
    const completed = await call('CompleteFileUpload', { args: { ...facts, UploadToken: started['UploadToken'] } });
    expect(completed['State']).toBe('Completed');
    expect(await countStored(served.dataDir, bytes)).toBe(1);
  });

  it('sends a chunk again and gets the same answer', async () => {
    const bytes = randomBytes(chunkSize + 1);
    const facts = { FileName: 'again.bin', FileSize: bytes.length };
    const { UploadToken } = await call('StartFileUpload', { args: facts });
    for (const chunk of chunksOf(bytes)) {
      expect(await append(UploadToken, chunk)).toEqual({ value: true });
      expect(await append(UploadToken, chunk)).toEqual({ value: true });
    }
    const args = { ...facts, UploadToken };
    const completed = await call('CompleteFileUpload', { args });
    expect(completed['State']).toBe('Completed');
    expect(await call('CompleteFileUpload', { args })).toMatchObject({ ContentId: completed['ContentId'] });
    expect(await countStored(served.dataDir, bytes)).toBe(1);
  });

  it('cannot complete a file with a gap, and can once it is filled', async () => {
    const bytes = randomBytes(2 * chunkSize);
    const facts = { FileName: 'gap.bin', FileSize: bytes.length };
    const { UploadToken } = await call('StartFileUpload', { args: facts });
    const [last, first] = chunksOf(bytes);
    if (last === undefined || first === undefined) throw new Error('two chunks were to be made');
    await append(UploadToken, last);
    await expect(call('CompleteFileUpload', { args: { ...facts, UploadToken } })).rejects.toThrow();
    expect(await call('GetFileUploadStatus', { uploadToken: UploadToken })).toMatchObject({ State: 'Uploading' });
    await append(UploadToken, first);
    const completed = await call('CompleteFileUpload', { args: { ...facts, UploadToken } });
    expect(completed['State']).toBe('Completed');
    expect(await countStored(served.dataDir, bytes)).toBe(1);
  });
});
