import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fourshared } from '../../src/dialects/fourshared/dialect.js';
import { usageOf } from '../../src/engine/usage.js';
import { describeWith, lacking, lackingPhp, python } from '../clients/needs.js';
import { type Server, serve } from '../memory-server.js';
import { output } from '../output.js';
import { dial, type RawSocket } from '../raw-socket.js';
import { chunked, desktop, formOf, formType, headOf, md5, readPage } from './desktop.js';

// Login, limits, key, data centre, address, reservation, a part that is cut, parts out of order and two at a time, the cut one
// again, a wrong and a right MD5, list, rename, move, download, delete, restore: told by several clients.

const bytes = randomBytes(1_000_003);
const third = Math.floor(bytes.length / 3);

/** What every client is answered. */
const told = {
  login: '',
  refused: true,
  may: true,
  fits: true,
  url: true,
  early: true,
  parts: [
    [200, true],
    [200, true],
    [200, true],
  ],
  wrong: true,
  finish: '',
  listed: ['film.bin'],
  renamed: true,
  moved: '',
  there: ['lake.bin'],
  same: true,
  deleted: [],
  restored: ['lake.bin'],
};

let server: Server;
let folder: string;
let path: string;
beforeEach(async () => {
  server = await serve({ dialect: fourshared });
  folder = await mkdtemp(join(tmpdir(), 'longshore-'));
  path = join(folder, 'film.bin');
  await writeFile(path, bytes);
});
afterEach(async () => {
  const usage = await server.host.ledger.read((facts) => usageOf(facts, 'alice'));
  await server.close();
  await rm(folder, { recursive: true });
  expect(usage).toEqual({ reserved: 0, held: bytes.length });
});

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const run = async (command: string, program: string, version: string): Promise<unknown> =>
  JSON.parse(
    await output(command, [here(program), `${server.url}/${version}/DesktopApp?wsdl`, 'alice', 'secret', path]),
  );

describeWith('PHP SoapClient', lackingPhp(), () => {
  test.each(['jax2', 'jax3'])('by %s', async (version) => {
    expect(await run('php', 'upload.php', version)).toEqual(told);
  });
});

describeWith('zeep', lacking(python, ['-c', 'import zeep, requests'], 'python3 with zeep and requests'), () => {
  test.each(['jax2', 'jax3'])('by %s', async (version) => {
    expect(await run(python, 'upload.py', version)).toEqual(told);
  });
});

test('the vendor’s Java demo: JAX-WS, and parts by HttpClient, chunked', async () => {
  const alice = desktop(server.url);
  const url = await alice.formUrl();
  const file = await alice.start('film.bin', bytes.length);
  const boundary = 'yPd0C3v_mS9BEuW4';
  /** Begins a part: waits until the server wants its bytes. */
  const begin = async (first: number, end: number) => {
    const lines = [
      'Transfer-Encoding: chunked',
      `Content-Type: ${formType(boundary)}`,
      `Host: localhost:${server.port}`,
      'Connection: close',
      'User-Agent: Apache-HttpClient/4.0.1 (java 1.5)',
      'Expect: 100-Continue',
    ];
    const socket = await dial(server.url);
    await socket.send(headOf(url, '1.1', lines));
    await socket.until(/^HTTP\/1\.1 100 /);
    const part = { file, first, bytes: bytes.subarray(first, end) };
    return { socket, body: chunked(formOf(part, { boundary, java: true }), 8192) };
  };
  const answered = async (socket: RawSocket) => {
    const said = (await socket.ended()).replace(/^HTTP\/1\.1 100 .*?\r\n\r\n/s, '');
    const { status, id } = readPage(Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1]), said);
    return [status, id === String(file)];
  };

  const cut = await begin(0, third);
  await cut.socket.send(cut.body.subarray(0, third / 2));
  cut.socket.cut();
  await cut.socket.ended();
  const early = (await alice.finish(file, md5(bytes))) !== '';
  const [two, one] = [await begin(2 * third, bytes.length), await begin(third, 2 * third)];
  await Promise.all([two.socket.send(two.body), one.socket.send(one.body)]);
  const parts = await Promise.all([answered(two.socket), answered(one.socket)]);
  const last = await begin(0, third);
  await last.socket.send(last.body);
  parts.push(await answered(last.socket));

  const said = {
    login: await alice.ask('login'),
    refused: (await desktop(server.url, 'alice', 'wrong').ask('login')) !== '',
    may: (await alice.ask('hasRightUpload')) === 'true',
    fits: Number(await alice.ask('getFreeSpace')) >= bytes.length,
    url: url.startsWith('http'),
    early,
    parts,
    wrong: (await alice.finish(file, md5(Buffer.from('other')))) !== '',
    finish: await alice.finish(file, md5(bytes)),
    listed: await alice.names(),
    renamed: Number(await alice.ask('renameFile', file, 'lake.bin')) === file,
  };
  const dir = Number(await alice.ask('createNewFolder', -1, 'Films'));
  const moved = await alice.ask('pasteFilesDirs', dir, true, [file], []);
  const there = await alice.names(dir);
  const link = await alice.ask('getDirectLink', await alice.ask('getFileDownloadLink', file));
  const same = Buffer.from(await (await fetch(link)).arrayBuffer()).equals(bytes);
  await alice.ask('deleteFile', file);
  const deleted = await alice.names(dir);
  await alice.ask('restoreFile', file);
  expect({ ...said, moved, there, same, deleted, restored: await alice.names(dir) }).toEqual(told);
});
