import { describe, expect, test } from 'vitest';
import { alice, allWays, call, eachWithServer, logIn, problem, restart, server } from './calls.js';

eachWithServer();

const made = (version: string, id: unknown = expect.stringMatching(/^[1-9]\d*$/)) => ({
  success: 'true',
  DocumentId: id,
  VersionId: version,
  DocumentID: id,
});
const gone = problem(4000, 'Upload handler cannot be found.');
const early = problem(4000, 'Invalid upload handler.');

/** A handler that has had its last chunk. */
const filled = async (bytes = 'content'): Promise<string> => {
  const handler = await alice.handler();
  await alice.chunk(handler, bytes, true);
  return handler;
};

const download = async (path: string, ticket = alice.ticket): Promise<string> =>
  Buffer.from(
    await (
      await fetch(`${server.url}/srv.asmx/DownloadDocument?AuthenticationTicket=${ticket}&Path=${path}`)
    ).arrayBuffer(),
  ).toString();

const versionsOf = async (path: string): Promise<string[]> => {
  const { body } = await call(server, 'GetDocumentVersions', { AuthenticationTicket: alice.ticket, Path: path });
  return [...body.matchAll(/<Version Number="(\d+)"/g)].map(([, number = '']) => number);
};

/** Bytes that uploads without a document still have. */
const leftovers = async (): Promise<number> => (await server.host.engine.list({ states: ['open', 'sealed'] })).length;

describe('a handler becomes a document', () => {
  test('in every operation that there is for it', async () => {
    const xmlParameters =
      '<parameters><parameter Name="DESCRIPTION" Value="about"/><parameter Name="VERSIONCOMMENT" Value="why"/></parameters>';
    const first = await alice.commit(await filled('1'), '/Documents/a.txt');
    expect(first).toEqual(made('1000000'));
    const id = first.DocumentId;
    const commits: [string, Record<string, string | number>, string][] = [
      ['UploadDocumentWithHandler', {}, '1000001'],
      ['UploadDocumentWithHandler1', { VersionComments: 'second' }, '1000002'],
      [
        'UploadDocumentWithHandler2',
        { VersionComments: '', MPVersionMajor: 2, MPVersionMinor: 1, MPVersionRevision: 0 },
        '2001000',
      ],
      [
        'UploadDocumentWithHandler2',
        { VersionComments: '', MPVersionMajor: 0, MPVersionMinor: 0, MPVersionRevision: 0 },
        '2001001',
      ],
      ['UploadDocumentWithHandler3', { xmlParameters }, '2001002'],
      ['UploadDocumentWithHandler3', { xmlParameters: '' }, '2001003'],
    ];
    for (const [operation, more, version] of commits) {
      const UploadHandler = await filled(version);
      expect(await alice.call(operation, { Path: 'documents\\A.TXT', UploadHandler, ...more })).toEqual(
        made(version, id),
      );
      expect(await download('/Documents/a.txt')).toBe(version);
    }
    expect(await versionsOf('/Documents/a.txt')).toHaveLength(7);
  });

  test('that has to be new', async () => {
    const create = async (DocumentName: string) =>
      alice.call('UploadNewDocumentWidthHandler', {
        FolderPath: '/Documents',
        DocumentName,
        UploadHandler: await filled(),
        xmlParameters: '<parameters />',
      });
    expect(await create('b.txt')).toEqual(made('1000000'));
    expect(await create('B.TXT')).toEqual(problem(4090, 'A document with this name already exists.'));
    expect(await versionsOf('/Documents/b.txt')).toHaveLength(1);
  });

  test('once', async () => {
    const handler = await filled();
    expect(await alice.commit(handler, '/Documents/a.txt')).toEqual(made('1000000'));
    expect(await alice.commit(handler, '/Documents/a.txt')).toEqual(gone);
    expect(await alice.chunk(handler, 'content', true)).toEqual({ ...gone, tryagain: 'false' });
    expect(await alice.call('DeleteUploadHandler', { UploadHandler: handler })).toEqual({ success: 'true', error: '' });
    expect(await versionsOf('/Documents/a.txt')).toHaveLength(1);
    const raced = await filled();
    const answers = await Promise.all(['b', 'c', 'd'].map((name) => alice.commit(raced, `/Documents/${name}.txt`)));
    expect(answers.filter(({ success }) => success === 'true')).toHaveLength(1);
    expect(answers.filter(({ success }) => success === 'false')).toEqual([gone, gone]);
  });

  test('not before its last chunk, and stays until then', async () => {
    const handler = await alice.handler();
    await alice.chunk(handler, 'abc', false);
    expect(await alice.commit(handler, '/Documents/a.txt')).toEqual(early);
    await alice.chunk(handler, 'def', true);
    expect(await alice.commit(handler, '/Documents/a.txt')).toEqual(made('1000000'));
    expect(await download('/Documents/a.txt')).toBe('abcdef');
  });

  test('of no bytes, if it never had a chunk', async () => {
    expect(await alice.commit(await alice.handler(), '/Documents/a.txt')).toEqual(made('1000000'));
    expect(await download('/Documents/a.txt')).toBe('');
    expect(await alice.commit(await filled(''), '/Documents/b.txt')).toEqual(made('1000000'));
    await restart({ emptyHandlers: false });
    expect(await alice.commit(await alice.handler(), '/Documents/a.txt')).toEqual(early);
    expect(await alice.commit(await filled(''), '/Documents/b.txt')).toEqual(made('1000000'));
  });

  test.each([
    [false, gone],
    [true, made('1000000')],
  ])('or ends where the library refuses it; kept: %s', async (keepOnFailedCommit, afterwards) => {
    await restart({ keepOnFailedCommit });
    const handler = await filled();
    expect(await alice.commit(handler, '/Documents/nowhere/a.txt')).toEqual(problem(4041, 'Folder not found.'));
    expect(await alice.commit(handler, '/Documents/a.txt')).toEqual(afterwards);
    expect(await leftovers()).toBe(0);
  });

  test('and stays where the call failed before that', async () => {
    const handler = await filled();
    const commit = (operation: string, ticket: string, more: Record<string, string | number>) =>
      call(server, operation, {
        AuthenticationTicket: ticket,
        Path: '/Documents/a.txt',
        UploadHandler: handler,
        ...more,
      });
    const { ticket } = alice;
    expect((await commit('UploadDocumentWithHandler', '', {})).attributes.errorCode).toBe('4010');
    const xml = await commit('UploadDocumentWithHandler3', ticket, { xmlParameters: '<a' });
    expect(xml.attributes).toEqual(problem(4000, 'Invalid parameter value: xmlParameters'));
    const checkout = await commit('UploadDocumentWithHandler3', ticket, {
      xmlParameters: '<p><i NAME="CHECKOUT" VALUE="maybe"/></p>',
    });
    expect(checkout.attributes).toEqual(problem(4000, 'Invalid parameter value: CHECKOUT'));
    const parts = await commit('UploadDocumentWithHandler2', ticket, { MPVersionMajor: 2401 });
    expect(parts.attributes).toEqual(problem(4000, 'Invalid parameter value: MPVERSIONMAJOR'));
    expect(await alice.commit('x', '/Documents/a.txt')).toEqual(early);
    expect(await alice.commit(handler, '/Documents/a.txt')).toEqual(made('1000000'));
  });

  test('unless somebody else has the document checked out', async () => {
    await alice.commit(await filled(), '/Documents/a.txt');
    const bob = await logIn(server, 'bob');
    expect(await bob.call('Lock', { Path: '/Documents/a.txt' })).toMatchObject({ success: 'true' });
    expect(await alice.commit(await filled(), '/Documents/a.txt')).toEqual(
      problem(4000, 'Document is checked out by bob.'),
    );
  });
});

describe('UploadDocument', () => {
  test.each(allWays)('makes a document in one call: %s', async (way) => {
    const upload = (operation: string, more = {}) =>
      alice.call(operation, { path: '/Documents/a.txt', fileContent: Buffer.from(operation), ...more }, way);
    expect(await upload('UploadDocument')).toEqual(made('1000000'));
    expect(await download('/Documents/a.txt')).toBe('UploadDocument');
    expect(await upload('UploadDocument1', { versionComment: 'why' })).toEqual(made('1000001'));
    expect(await upload('UploadDocument2', { checkout: 'True' })).toEqual(made('1000002'));
    expect(await upload('UploadDocument3', { versionComment: '', checkout: false })).toEqual(made('1000003'));
    const xmlParameters = '<p><i key="MPVERSIONMAJOR">3</i></p>';
    expect(await upload('UploadDocument4', { xmlParameters })).toEqual(made('3000000'));
    expect(await download('/Documents/a.txt')).toBe('UploadDocument4');
  });

  test('takes its parameters in any order, and an empty document', async () => {
    for (const way of allWays) {
      const parameters = {
        FileContent: Buffer.from('abc'),
        Path: `/Documents/${way}.txt`,
        AuthenticationTicket: alice.ticket,
      };
      expect((await call(server, 'UploadDocument', parameters, way)).attributes).toEqual(made('1000000'));
      expect(await download(`/Documents/${way}.txt`)).toBe('abc');
    }
    expect(await alice.call('UploadDocument', { Path: '/Documents/e.txt', FileContent: Buffer.alloc(0) })).toEqual(
      made('1000000'),
    );
    expect(await alice.call('UploadDocument', { Path: '/Documents/f.txt' })).toEqual(made('1000000'));
    expect(await download('/Documents/e.txt')).toBe('');
  });

  test('leaves nothing behind where it is refused', async () => {
    const upload = async (ticket: string, path: string, more = {}) =>
      (
        await call(server, 'UploadDocument4', {
          AuthenticationTicket: ticket,
          Path: path,
          FileContent: Buffer.from('abc'),
          ...more,
        })
      ).attributes;
    const { ticket } = alice;
    expect(await upload('', '/Documents/a.txt')).toEqual(problem(4010, expect.stringMatching(/^\[901\]/)));
    expect(await upload(ticket, '/Documents/nowhere/a.txt')).toEqual(problem(4041, 'Folder not found.'));
    expect(await upload(ticket, '~D1')).toMatchObject({ success: 'false' });
    expect(await upload(ticket, '/Documents/a.txt', { xmlParameters: '<' })).toMatchObject({ errorCode: '4000' });
    const victor = await logIn(server, 'victor');
    expect(await upload(victor.ticket, '/Documents/a.txt')).toEqual(problem(4030, 'Access denied.'));
    expect(await leftovers()).toBe(0);
    await restart({ uploadLimit: 2 });
    expect(await upload(alice.ticket, '/Documents/a.txt')).toEqual(problem(4000, 'File size limit exceeded.'));
    expect(await leftovers()).toBe(0);
  });

  test('that is cut leaves nothing behind', async () => {
    const body = Buffer.from(
      `------x\r\nContent-Disposition: form-data; name="AuthenticationTicket"\r\n\r\n${alice.ticket}\r\n` +
        '------x\r\nContent-Disposition: form-data; name="Path"\r\n\r\n/Documents/a.txt\r\n' +
        '------x\r\nContent-Disposition: form-data; name="FileContent"; filename="a.txt"\r\n\r\nabc',
    );
    const headers = { 'content-type': 'multipart/form-data; boundary=----x' };
    const reply = await fetch(`${server.url}/srv.asmx/UploadDocument`, { method: 'POST', headers, body });
    expect(reply.status).toBe(400);
    expect(await leftovers()).toBe(0);
    expect(await versionsOf('/Documents/a.txt')).toEqual([]);
  });
});

describe('a server that goes down', () => {
  test('says so, and loses nothing', async () => {
    const handler = await alice.handler();
    await alice.chunk(handler, 'abc', false);
    await server.host.engine.drain();
    const reply = await fetch(
      `${server.url}/srv.asmx/CreateUploadHandler?AuthenticationTicket=${alice.ticket}&PreferedChunkSize=0`,
    );
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '5']);
    expect((await server.host.engine.list({ states: ['open'] })).map(({ received }) => received)).toEqual([3]);
  });
});
