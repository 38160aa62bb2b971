import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as soap from 'soap';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith, lacking } from '../clients/needs.js';
import { serveSamples } from './sample.js';

let server: Awaited<ReturnType<typeof serveSamples>>;
beforeAll(async () => {
  server = await serveSamples();
});
afterAll(() => server.close());

const run = promisify(execFile);
const chunk = randomBytes(300_000);
const declaration = '<?xml version="1.0" encoding="utf-8"?>';
const uploaded = (of: string, size: number, last: boolean) =>
  `${declaration}<response success="true" of="${of}" size="${size}" last="${last}" />`;

test('fetch sends a FormData, with what describes the bytes behind them', async () => {
  const form = new FormData();
  form.append('uploadHandler', 'zoë');
  form.append('fileChunk', new Blob([chunk], { type: 'application/octet-stream' }));
  form.append('chunkHEXCRC', '0');
  form.append('lastChunk', 'true');
  const answer = await fetch(`${server.url}/srv.asmx/UploadFileChunk`, { method: 'POST', body: form });
  expect(answer.headers.get('content-type')).toBe('text/xml; charset=utf-8');
  expect(await answer.text()).toBe(uploaded('zoë', chunk.length, true));
});

test('fetch sends an urlencoded form, and a query', async () => {
  const fields = { UPLOADHANDLER: 'h', fileChunk: chunk.toString('base64'), LastChunk: 'False' };
  const body = new URLSearchParams(fields);
  const posted = await fetch(`${server.url}/srv.asmx/uploadfilechunk`, { method: 'POST', body });
  expect(await posted.text()).toBe(uploaded('h', chunk.length, false));
  const got = await fetch(`${server.url}/srv.asmx/UploadFileChunk?uploadHandler=%uD83D%uDE00&FileChunk=aGk%3D`);
  expect(await got.text()).toBe(uploaded('😀', 2, false));
});

describeWith('curl', lacking('curl', ['--version'], 'curl'), () => {
  test('sends a form with a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'longshore-'));
    try {
      const file = join(folder, 'a "b".bin');
      await writeFile(file, chunk);
      const quoted = file.replaceAll('"', '\\"');
      const form = ['-F', 'UploadHandler=h', '-F', `FileChunk=@"${quoted}"`, '-F', 'LastChunk=1'];
      const { stdout } = await run('curl', [
        '-sS',
        '--max-time',
        '60',
        ...form,
        `${server.url}/srv.asmx/UploadFileChunk`,
      ]);
      expect(stdout).toBe(uploaded('h', chunk.length, true));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

test('node soap', async () => {
  const client = await soap.createClientAsync(`${server.url}/srv.asmx?WSDL`);
  const FileChunk = chunk.toString('base64');
  const [answer] = await client['UploadFileChunkAsync']({ UploadHandler: 'h', FileChunk, LastChunk: true });
  expect(answer.UploadFileChunkResult.response.attributes).toMatchObject({ success: 'true', size: '300000' });
  const [document] = await client['DownloadDocumentAsync']({ Path: '100000' });
  expect(document.DownloadDocumentResult).toBe(Buffer.alloc(100_000).toString('base64'));
});

const php = lacking('php', ['-r', 'exit(class_exists("SoapClient") ? 0 : 1);'], 'php with its soap module');

describeWith('PHP SoapClient', php, () => {
  test('reads documents and bytes', async () => {
    const script = `
    foreach ([SOAP_1_1, SOAP_1_2] as $version) {
      $srv = new SoapClient($argv[1].'/srv.asmx?WSDL', ['soap_version' => $version, 'cache_wsdl' => WSDL_CACHE_NONE]);
      $sent = ['UploadHandler' => 'h', 'FileChunk' => str_repeat("\\0\\xff", 50000), 'ChunkHEXCRC' => '', 'LastChunk' => true];
      echo $srv->UploadFileChunk($sent)->UploadFileChunkResult->any, "\\n";
      $chunk = $srv->DownloadFileChunk(['StartOffset' => 0, 'ChunkSize' => 100000])->DownloadFileChunkResult->any;
      echo strlen(base64_decode(strip_tags($chunk))), "\\n";
      echo strlen($srv->DownloadDocument(['Path' => '100000'])->DownloadDocumentResult), "\\n";
    }`;
    const { stdout } = await run('php', ['-r', script, server.url]);
    const asked = ['<response xmlns="" success="true" of="h" size="100000" last="true"/>', '100000', '100000'];
    expect(stdout.trim().split('\n')).toEqual([...asked, ...asked]);
  });
});

describeWith('zeep', lacking('/usr/bin/python3', ['-c', 'import zeep'], 'python3 with zeep'), () => {
  test('SOAP, and the plain HTTP bindings', async () => {
    const script = `
import sys, base64, zeep
client = zeep.Client(sys.argv[1] + '/srv.asmx?WSDL')
for port in ('srvSoap', 'srvSoap12'):
    srv = client.bind('srv', port)
    answer = srv.UploadFileChunk('h', b'\\0\\xff' * 50000, '', True)
    print(answer.tag, dict(answer.attrib))
    chunk = srv.DownloadFileChunk('h', 0, 100000)
    print(chunk.tag, len(base64.b64decode(chunk.text)))
    print(len(srv.DownloadDocument('100000')))
print(len(client.bind('srv', 'srvHttpGet').DownloadDocument(Path='100000')))
print(sorted(client.bind('srv', 'srvHttpPost')._operations))
`;
    const { stdout } = await run('/usr/bin/python3', ['-c', script, server.url]);
    const asked = [
      "response {'success': 'true', 'of': 'h', 'size': '100000', 'last': 'true'}",
      'response 100000',
      '100000',
    ];
    expect(stdout.trim().split('\n')).toEqual([
      ...asked,
      ...asked,
      '100000',
      "['DownloadFileChunk', 'UploadFileChunk']",
    ]);
  });
});
