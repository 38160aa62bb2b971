import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith, lacking } from '../clients/needs.js';
import { output } from '../output.js';
import { sha1, useDesk } from './desk.js';

// .NET clients, made from our WSDL by Mono: web service proxies (`wsdl`) and WCF (`svcutil`).

const { server } = useDesk();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-'));
});
afterAll(() => rm(folder, { recursive: true }));

const services = [
  ['Up', '/Uploads/2014/07/SOAP'],
  ['App', '/2014/12/SOAP'],
] as const;

/** Compiles the program `name` with what was generated, runs it, and gives the lines that it printed. */
const run = async (name: string, library: string, sources: readonly string[], args: readonly string[]) => {
  const [source, program] = [fileURLToPath(new URL(`mono/${name}.cs`, import.meta.url)), join(folder, `${name}.exe`)];
  const libraries = [`-r:${library}`, '-r:System.Runtime.Serialization'];
  await output('mcs', ['-warn:0', ...libraries, `-out:${program}`, source, ...sources]);
  return (await output('mono', [program, 'Acme/alice', 'secret', ...args])).trim().split('\n');
};

/** Marks the operations of a proxy as sending the header `Security`, as its users did by hand. */
const withHeader = async (proxy: string): Promise<void> => {
  const mark = '[System.Web.Services.Protocols.SoapHeaderAttribute("Security")]';
  const operation = '[System.Web.Services.Protocols.SoapDocumentMethodAttribute(';
  await writeFile(proxy, (await readFile(proxy, 'utf8')).replaceAll(operation, `${mark} ${operation}`));
};

describeWith('Mono', lacking('svcutil', ['-V'], 'Mono with its developer tools'), () => {
  test.each(['/WSDL/', '/Basic/?wsdl', '/Basic/?singleWsdl', '/?wsdl'])(
    'web service proxies from %s upload a file and a web page, and ask the library',
    async (description) => {
      const proxies = await Promise.all(
        services.map(async ([name, path]) => {
          const proxy = join(folder, `${name}.cs`);
          await output('wsdl', [`-n:${name}`, `-o:${proxy}`, server().url + path + description]);
          await withHeader(proxy);
          return proxy;
        }),
      );
      const file = join(folder, 'lake.mp4');
      await writeFile(file, randomBytes(1_500_003));
      expect(await run('asmx', 'System.Web.Services', proxies, [file])).toEqual([
        ...['started=Started', 'sent=Uploaded', 'completed=Completed 1500003', 'known=True', 'cancelled=Cancelled'],
        ...['queued=Queued 2', 'published=Completed, sent 22', 'session=Completed'],
        ...['queued=Queued 2', 'published=Completed, sent 12', 'session=Completed', 'kept=True'],
        ...['login=alice', 'moved=True', 'folders=Films Incoming', 'films=1 lake.mp4 Video'],
        ...['modified=2020-01-02T03:04:05', 'same=True', 'page=By .NET css\\a.css css\\b.css'],
        ...['nothing=True', 'used=False', 'deleted=True', 'unknown=True'],
        'fault=The creator of this fault did not specify a Reason.',
        'detail=The file name must not be empty.',
        'refused=FailedAuthentication',
      ]);
    },
  );

  test('WCF clients upload a file, and look into the library', async () => {
    const clients = await Promise.all(
      services.map(async ([name, path]) => {
        const client = join(folder, `${name}-wcf.cs`);
        await output('svcutil', ['-noConfig', `-out:${client}`, `${server().url}${path}/WSDL/`]);
        return client;
      }),
    );
    const hash = sha1(Buffer.from([1, 2, 3, 4, 5, 6]));
    expect(await run('wcf', 'System.ServiceModel', clients, [server().url, hash])).toEqual([
      ...['stored=True', 'stored=True', 'sent=Uploaded', 'completed=Completed', 'known=wcf.png', 'unknown=True'],
      ...['login=alice', 'listed=wcf.png Image 6', 'folders=Incoming', 'nothing=True', 'deleted=True'],
    ]);
  });
});
