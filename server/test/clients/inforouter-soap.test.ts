import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { createClientAsync } from 'soap';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { output } from '../output.js';
import { account } from '../server-process.js';
import { type Desk, expectOutcome, type Outcome, openDesk, type Task } from './inforouter.js';
import { describeWith, lackingPhp, lackingZeep, python } from './needs.js';

// SOAP clients made from infoRouter's WSDL (specs/inforouter.md §2, §5).

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.remove());

const programAt = (name: string) => fileURLToPath(new URL(`programs/${name}`, import.meta.url));

const run = async (command: string, program: string, task: Task & Readonly<Record<string, unknown>>) => {
  const said = await output(command, [programAt(program)], { input: JSON.stringify(task) });
  expectOutcome(JSON.parse(said) as Outcome, task);
};

describeWith('zeep', lackingZeep(), () => {
  it.each(['srvSoap', 'srvSoap12'])('uploads and downloads by the port %s', (port) =>
    run(python, 'inforouter.py', { ...desk.task(`/Documents/zeep ${port}/lake.bin`), port }),
  );
});

describeWith('PHP SoapClient', lackingPhp(), () => {
  it.each(['1.1', '1.2'])('uploads and downloads by SOAP %s', (soapVersion) =>
    run('php', 'inforouter.php', { ...desk.task(`/Documents/php ${soapVersion}/lake.bin`), soapVersion }),
  );
});

describe('node soap', () => {
  interface Said {
    readonly attributes: Readonly<Record<string, string>>;
    readonly $value?: string;
    readonly [child: string]: unknown;
  }

  const connect = async (forceSoap12Headers: boolean) => {
    const client = await createClientAsync(desk.task('').wsdl, { forceSoap12Headers });
    let ticket = '';
    const call = async (operation: string, parameters: object): Promise<Said> => {
      const method: unknown = client[`${operation}Async`];
      if (typeof method !== 'function') throw new Error(`the WSDL has no ${operation}`);
      const [answer] = await Reflect.apply(method, client, [{ AuthenticationTicket: ticket, ...parameters }]);
      return answer[`${operation}Result`]?.response ?? answer[`${operation}Result`];
    };
    const must = async (operation: string, parameters: object): Promise<Said> => {
      const said = await call(operation, parameters);
      expect(said.attributes.success, operation).toBe('true');
      return said;
    };
    ticket = (await must('AuthenticateUser', { UID: account.login, PWD: account.password })).attributes.ticket ?? '';
    return { call, must };
  };

  const hex = (bytes: Uint8Array) => crc32(bytes).toString(16).toUpperCase();

  it.each([false, true])('uploads and downloads, SOAP 1.2: %s', async (twelve) => {
    const folder = `/Documents/node ${twelve ? '1.2' : '1.1'}`;
    const task = desk.task(`${folder}/lake.bin`);
    const { path: Path, chunkSize } = task;
    const { call, must } = await connect(twelve);
    let again = 0;

    const upload = async (content: Buffer, damaged: number) => {
      const opened = await must('CreateUploadHandler', { PreferedChunkSize: chunkSize });
      const { UploadHandler, ChunkSize } = opened.attributes;
      const size = Number(ChunkSize);
      for (let at = 0; at < content.length; at += size) {
        const data = content.subarray(at, at + size);
        const sent = Buffer.from(data);
        if (at === damaged * size) sent.writeUInt8(sent.readUInt8(0) ^ 1, 0);
        const LastChunk = at + size >= content.length;
        const send = async (bytes: Buffer) =>
          (
            await call('UploadFileChunk', {
              ...{ UploadHandler, FileChunk: bytes.toString('base64'), ChunkHEXCRC: hex(data), LastChunk },
            })
          ).attributes;
        let answer = await send(sent);
        if (answer.tryagain === 'true') {
          again += 1;
          answer = await send(data);
        }
        expect(answer.success).toBe('true');
        if (LastChunk) expect(answer.filehexcrc).toBe(hex(content));
      }
      return UploadHandler;
    };

    const download = async (VersionNumber: number) => {
      const { attributes } = await must('GetDownloadHandlerByVersion', {
        ...{ Path, PreferedChunkSize: chunkSize, VersionNumber },
      });
      const pieces: Buffer[] = [];
      for (let StartOffset = 0, isLast = false; !isLast; ) {
        const DownloadHandler = attributes.downloadhandler;
        const chunk = await must('DownloadFileChunk', { DownloadHandler, StartOffset, ChunkSize: chunkSize });
        const data = Buffer.from(chunk.$value ?? '', 'base64');
        expect(Number.parseInt(chunk.attributes.chunkCRC32 ?? '', 16)).toBe(crc32(data));
        expect(data.length).toBeGreaterThan(0);
        pieces.push(data);
        StartOffset += data.length;
        isLast = chunk.attributes.lastchunk === 'true';
      }
      return Buffer.concat(pieces);
    };

    const [first, second] = desk.contents;
    await must('CreateFolder', { Path: folder });
    const one = await must('UploadDocumentWithHandler1', {
      ...{ Path, UploadHandler: await upload(first, 2), VersionComments: 'first' },
    });
    const xmlParameters = '<xmlparameters><item NAME="VERSIONCOMMENT" VALUE="Zweite &amp; letzte"/></xmlparameters>';
    const two = await must('UploadDocumentWithHandler3', {
      ...{ Path, UploadHandler: await upload(second, 3), xmlParameters },
    });
    const listed = (await must('GetDocuments', { Path: folder })).document as Said;
    const { Versions } = (await must('GetDocumentVersions', { Path })) as unknown as {
      Versions: { Version: readonly (Said & { Comment: string })[] };
    };
    const whole = (await call('DownloadDocument', { Path })) as unknown as string;
    expectOutcome(
      {
        again,
        ids: [one.attributes.DocumentId ?? '', two.attributes.DocumentId ?? ''],
        listed: [listed.attributes],
        versions: Versions.Version.map(({ attributes }) => Number(attributes.Number)),
        comments: Versions.Version.map(({ Comment }) => Comment),
        same: [(await download(1_000_000)).equals(first), (await download(1_000_001)).equals(second)],
        whole: Buffer.from(whole, 'base64').equals(second),
        refused: (await call('GetDocument', { Path: `${Path}x` })).attributes,
      },
      task,
    );
    await must('LogOut', {});
  });
});
