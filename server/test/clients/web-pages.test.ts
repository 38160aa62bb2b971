import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Client, createClientAsync, WSSecurity } from 'soap';
import { describe, expect, it } from 'vitest';
import { output } from '../output.js';
import { account } from '../server-process.js';
import { describeWith, lackingPhp, lackingZeep, python } from './needs.js';
import { allWithServer, folder, served } from './served.js';

// A web page of an HTML file and 40 assets in folders, eight streams of chunks at once; then an update in which 38 assets are
// as they were: only what has changed travels (specs/brightsign.md §A10).

allWithServer();

const login = () => ({
  wsdl: `${served.url}/Uploads/2014/07/SOAP/WSDL/`,
  login: `Acme/${account.login}`,
  password: account.password,
  chunkSize: 10_000,
});

interface PageFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

const html = (text: string): PageFile => ({ name: 'index.html', path: '\\', text });
const assets: readonly PageFile[] = Array.from({ length: 40 }, (_, at) => ({
  name: `asset${at}.css`,
  path: ['\\', 'css\\', 'css\\deep\\'][at % 3] ?? '\\',
  text: `asset ${at} `.repeat(500 + at * 100),
}));
const before = [html('<p>one'), ...assets];
const after = [html('<p>two!'), ...assets.slice(0, 38)];
const sizeOf = (files: readonly PageFile[]): number => files.reduce((sum, { text }) => sum + text.length, 0);

describeWith('zeep', lackingZeep(), () => {
  it('brings a web page up from eight threads, and in an update only what has changed', async () => {
    const program = fileURLToPath(new URL('programs/soap_page.py', import.meta.url));
    const task = { ...login(), name: 'By zeep', first: before, second: after };
    const { first, second } = JSON.parse(await output(python, [program], { input: JSON.stringify(task) }));
    expect(first).toMatchObject({ state: 'Completed', sent: sizeOf(before), kept: 0 });
    expect(second).toMatchObject({ id: first.id, state: 'Completed', sent: '<p>two!'.length, kept: 38 });
    expect(second.assets).toEqual(first.assets.slice(0, 38));
  });
});

interface Place {
  readonly UploadToken: string;
  readonly ContentId: number | null;
}
interface PageStatus extends Place {
  readonly SessionToken: string;
  readonly State: string;
  readonly Assets: { readonly ContentUploadStatus: readonly Place[] };
}
interface Sent {
  readonly sent: number;
  readonly kept?: number;
}

describeWith('PHP SoapClient', lackingPhp(), () => {
  const program = fileURLToPath(new URL('programs/soap-page.php', import.meta.url));

  async function step<Result>(task: object): Promise<Result> {
    const said = JSON.parse(await output('php', [program], { input: JSON.stringify({ ...login(), ...task }) }));
    expect(said.message ?? said.fault).toBeUndefined();
    return said.result as Result;
  }

  /** Start, eight processes that share out the files, complete. */
  async function upload(files: readonly PageFile[], more: object) {
    const known = await Promise.all(
      files.map(async ({ name, path, text }, at) => {
        const file = join(folder, `${at}-${name}`);
        await writeFile(file, text);
        return { name, path, file, role: at === 0 ? 'page' : 'asset' };
      }),
    );
    const page = { ...more, name: 'By PHP', page: known[0], assets: known.slice(1) };
    const started = await step<PageStatus>({ ...page, step: 'start' });
    const tokens = [started, ...started.Assets.ContentUploadStatus].map(({ UploadToken }) => UploadToken);
    const jobs = known.map((file, at) => ({ ...file, token: tokens[at] }));
    const session = started.SessionToken;
    const shares = Array.from({ length: 8 }, (_, share) => jobs.filter((_job, at) => at % 8 === share));
    const sent = await Promise.all(
      shares.map((share) => step<Sent[]>({ ...page, step: 'files', session, files: share })),
    );
    const done = await step<PageStatus>({ ...page, step: 'complete', session });
    expect((await step<PageStatus>({ ...page, step: 'status', session })).State).toBe('Completed');
    return { done, sent: sent.flat() };
  }

  it('brings a web page up from eight processes, and in an update only what has changed', async () => {
    const first = await upload(before, {});
    expect(first.done.State).toBe('Completed');
    expect(first.sent.reduce((sum, { sent }) => sum + sent, 0)).toBe(sizeOf(before));
    const ids = first.done.Assets.ContentUploadStatus.map(({ ContentId }) => ContentId);
    const second = await upload(after, { webPageId: first.done.ContentId });
    expect(second.done.ContentId).toBe(first.done.ContentId);
    expect(second.sent.filter(({ kept }) => kept !== undefined)).toHaveLength(38);
    expect(second.sent.reduce((sum, { sent }) => sum + sent, 0)).toBe('<p>two!'.length);
    expect(second.done.Assets.ContentUploadStatus.map(({ ContentId }) => ContentId)).toEqual(ids.slice(0, 38));
  });
});

describe('node soap', () => {
  const open = async (path: string): Promise<Client> => {
    const client = await createClientAsync(`${served.url}${path}`);
    client.setSecurity(new WSSecurity(account.login, account.password, { passwordType: 'PasswordText' }));
    return client;
  };
  async function call<Result = Record<string, unknown>>(client: Client, operation: string, args: object) {
    const method: unknown = client[`${operation}Async`];
    if (typeof method !== 'function') throw new Error(`the WSDL has no ${operation}`);
    const [answer] = (await Reflect.apply(method, client, [args])) as [Record<string, unknown>];
    return answer[`${operation}Result`] as Result;
  }

  it('brings a web page up, and finds it in the library', async () => {
    const client = await open('/Uploads/2014/07/SOAP/WSDL/');
    const list = { WebPageAssetUploadArguments: [{ FileName: 'a.css', RelativePath: 'css\\' }] };
    const args = { FileName: 'p.html', Assets: list, Name: 'By node' };
    const started = await call<PageStatus>(client, 'StartWebPageUploadSession', { args });
    const { SessionToken } = started;
    for (const { UploadToken } of [started, ...[started.Assets.ContentUploadStatus].flat()]) {
      const tokens = { SessionToken, UploadToken };
      await call(client, 'StartFileUpload', { args: { FileSize: 2, ...tokens } });
      const chunk = { sessionToken: SessionToken, uploadToken: UploadToken, partNumber: 0, data: 'b2s=', offset: 0 };
      await call(client, 'AppendChunk', chunk);
      await call(client, 'CompleteFileUpload', { args: tokens });
    }
    const done = await call<PageStatus>(client, 'CompleteWebPageUploadSession', { args: { ...args, SessionToken } });
    expect(done.State).toBe('Completed');
    const library = await open('/2014/12/SOAP/WSDL/');
    expect((await call(library, 'Authenticate', {}))['Login']).toBe(account.login);
    const page = await call(library, 'GetWebPage', { webPageId: done.ContentId, loadAssets: true });
    expect(page).toMatchObject({ Name: 'By node', FileSize: 2 });
    expect(await (await fetch(String(page['PhysicalPath']))).text()).toBe('ok');
  });
});
