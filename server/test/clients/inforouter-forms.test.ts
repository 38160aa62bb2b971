import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readXml, type Xml } from '../inforouter/xml.js';
import { output } from '../output.js';
import { account } from '../server-process.js';
import { type Desk, expectOutcome, openDesk } from './inforouter.js';
import { describeWith, lacking } from './needs.js';

// Clients of infoRouter's plain HTTP forms (specs/inforouter.md §2, §5.3).

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.remove());

const hex = (bytes: Uint8Array) => crc32(bytes).toString(16).toUpperCase();

/** A chunk on its way, as the vendor's samples name its parts. */
interface Chunk {
  readonly authenticationTicket: string;
  readonly uploadHandler: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly chunkHEXCRC: string;
  readonly lastChunk: boolean;
}

/** The vendor's JavaScript loop: the flag and the checksum come behind the bytes, which are a Blob. */
const asFormData = ({ bytes, chunkHEXCRC, lastChunk, ...rest }: Chunk): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(rest)) form.append(name, value);
  form.append('fileChunk', new Blob([bytes], { type: 'application/octet-stream' }), 'blob');
  form.append('chunkHEXCRC', chunkHEXCRC);
  form.append('lastChunk', String(lastChunk));
  return form;
};

const asUrlencoded = ({ bytes, lastChunk, ...rest }: Chunk): URLSearchParams =>
  new URLSearchParams({
    ...rest,
    fileChunk: Buffer.from(bytes).toString('base64'),
    lastChunk: lastChunk ? 'True' : 'False',
  });

/** Whoever is logged in, by plain HTTP. */
const logIn = async () => {
  const post = async (operation: string, body: FormData | URLSearchParams): Promise<Xml> => {
    const reply = await fetch(`${desk.endpoint}/${operation}`, { method: 'POST', body });
    expect(reply.status).toBe(200);
    return readXml(await reply.text());
  };
  const login = await post('AuthenticateUser', new URLSearchParams({ uid: account.login, pwd: account.password }));
  const authenticationTicket = login.attributes.ticket ?? '';
  const call = (operation: string, parameters: Record<string, string>) =>
    post(operation, new URLSearchParams({ authenticationTicket, ...parameters }));
  const must = async (operation: string, parameters: Record<string, string>) => {
    const response = await call(operation, parameters);
    expect(response.attributes.success, operation).toBe('true');
    return response;
  };
  return { authenticationTicket, post, call, must };
};

describe.each([
  ['multipart/form-data', asFormData],
  ['urlencoded base64', asUrlencoded],
])('fetch, %s', (manner, bodyOf) => {
  it('uploads and downloads', async () => {
    const folder = `/Documents/${manner.slice(0, 9)}`;
    const task = desk.task(`${folder}/lake.bin`);
    const path = task.path;
    const { authenticationTicket, post, call, must } = await logIn();
    let again = 0;

    const upload = async (content: Buffer, damaged: number) => {
      // The samples ask for a ChunkSize, and not for the PreferedChunkSize of the WSDL.
      const opened = (await must('CreateUploadHandler', { ChunkSize: '524288' })).attributes;
      expect(opened.ChunkSize).toBe('524288');
      const { UploadHandler: uploadHandler = '' } = opened;
      for (let at = 0; at < content.length; at += 524_288) {
        const data = Uint8Array.from(content.subarray(at, at + 524_288));
        const facts = {
          ...{ authenticationTicket, uploadHandler, chunkHEXCRC: hex(data) },
          lastChunk: at + data.length === content.length,
        };
        const sent = data.slice();
        if (at === damaged * 524_288) sent.set([(data[0] ?? 0) ^ 1]);
        const send = async (bytes: Chunk['bytes']) =>
          (await post('UploadFileChunk', bodyOf({ ...facts, bytes }))).attributes;
        let answer = await send(sent);
        if (answer.tryagain === 'true') {
          again += 1;
          answer = await send(data);
        }
        expect(answer).toMatchObject({ success: 'true', tryagain: 'false' });
        if (facts.lastChunk) expect(answer.filehexcrc).toBe(hex(content));
      }
      return uploadHandler;
    };

    const download = async (versionNumber: string) => {
      const opened = (await must('GetDownloadHandlerByVersion', { path, preferedChunkSize: '1048576', versionNumber }))
        .attributes;
      const pieces: Buffer[] = [];
      for (let startOffset = 0; startOffset < Number(opened.Size); ) {
        const chunk = await must('DownloadFileChunk', {
          ...{ downloadHandler: opened.downloadhandler ?? '', startOffset: String(startOffset), chunkSize: '1048576' },
        });
        const data = Buffer.from(chunk.text, 'base64');
        expect(Number.parseInt(chunk.attributes.chunkCRC32 ?? '', 16)).toBe(crc32(data));
        expect(chunk.attributes.lastchunk).toBe(String(startOffset + 1_048_576 >= Number(opened.Size)));
        pieces.push(data);
        startOffset += data.length;
      }
      return Buffer.concat(pieces);
    };

    const [first, second] = desk.contents;
    await must('CreateFolder', { path: folder });
    const handler = await upload(first, 2);
    const one = await must('UploadDocumentWithHandler1', { path, uploadHandler: handler, versionComments: 'first' });
    await must('DeleteUploadHandler', { uploadHandler: handler });
    const two = await must('UploadDocumentWithHandler3', {
      ...{ path, uploadHandler: await upload(second, 6) },
      xmlParameters: '<parameters><parameter Name="VersionComment" Value="Zweite &amp; letzte"/></parameters>',
    });
    const listed = await must('GetDocuments', { path: folder });
    const [versions] = (await must('GetDocumentVersions', { path })).children;
    const numbers = versions?.children.map(({ attributes }) => attributes.Number ?? '') ?? [];
    const query = new URLSearchParams({ authenticationTicket, path });
    const whole = await fetch(`${desk.endpoint}/DownloadDocument?${query}`);
    expectOutcome(
      {
        again,
        ids: [one, two].map(({ attributes }) => attributes.DocumentId ?? ''),
        listed: listed.children.map(({ attributes }) => attributes),
        versions: numbers.map(Number),
        comments: versions?.children.map((version) => version.children[6]?.text ?? null) ?? [],
        same: [(await download('1000000')).equals(first), (await download('1000001')).equals(second)],
        whole: Buffer.from(await whole.arrayBuffer()).equals(second),
        refused: (await call('GetDocument', { path: `${path}x` })).attributes,
      },
      task,
    );
  });
});

describeWith('curl', lacking('curl', ['--version'], 'curl'), () => {
  it('uploads with -F, and lists and downloads with GET', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'longshore-'));
    try {
      const curl = (operation: string, ...args: readonly string[]) =>
        output('curl', ['-sS', '--fail', '--max-time', '60', ...args, `${desk.endpoint}/${operation}`]);
      const get = (operation: string, parameters: Record<string, string>, ...args: readonly string[]) => {
        const data = Object.entries(parameters).flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`]);
        return curl(operation, '-G', ...data, ...args);
      };
      const login = readXml(await get('AuthenticateUser', { UID: account.login, PWD: account.password }));
      const AuthenticationTicket = login.attributes.ticket ?? '';
      const [file, back] = [join(folder, 'lake.bin'), join(folder, 'back.bin')];
      const content = desk.contents[1];
      await writeFile(file, content);
      const Path = '/Documents/Größe & Maß/lake.bin';
      await get('CreateFolder', { AuthenticationTicket, Path: '/Documents/Größe & Maß' });
      const parts = ['-F', `AuthenticationTicket=${AuthenticationTicket}`, '-F', `Path=${Path}`];
      const uploaded = readXml(await curl('UploadDocument', ...parts, '-F', `FileContent=@${file}`));
      expect(uploaded.attributes).toMatchObject({ success: 'true', VersionId: '1000000' });

      const listed = readXml(
        await get('GetFoldersAndDocuments1', { AuthenticationTicket, Path: '/Documents/Größe _ Maß' }),
      );
      expect(listed.children.map(({ name, attributes: { n, size } }) => [name, n, size])).toEqual([
        ['d', 'lake.bin', String(content.length)],
      ]);
      await get('DownloadDocument', { AuthenticationTicket, Path }, '-o', back);
      expect((await readFile(back)).equals(content)).toBe(true);
      const { UploadHandler = '' } = readXml(await get('CreateUploadHandler', { AuthenticationTicket })).attributes;
      const chunk = {
        AuthenticationTicket,
        UploadHandler,
        FileChunk: 'aGVsbG8+',
        ChunkHEXCRC: hex(Buffer.from('hello>')),
      };
      const sent = readXml(await get('UploadFileChunk', { ...chunk, LastChunk: 'true' }));
      expect(sent.attributes).toEqual({ success: 'true', tryagain: 'false', filehexcrc: hex(Buffer.from('hello>')) });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
