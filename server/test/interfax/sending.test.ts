import { describe, expect, test } from 'vitest';
import { interfax } from '../../src/dialects/interfax/dialect.js';
import type { Fax } from '../../src/dialects/interfax/faxes/fax.js';
import { faxJobKind } from '../../src/dialects/interfax/faxes/faxes.js';
import { openFaxes } from '../../src/dialects/interfax/faxes/open.js';
import { options } from '../../src/dialects/interfax/options.js';
import { defaultsOf } from '../../src/kit/options.js';
import {
  alice,
  by,
  bytesOf,
  call,
  callElement,
  chunk,
  closedSession,
  eachWithServer,
  envelope,
  number,
  post,
  sendfax,
  serveInterfax,
  server,
  startSession,
  unknownSession,
} from './calls.js';

eachWithServer();

const day = 24 * 60 * 60_000;
const keeping = { bytes: 14 * day, record: 30 * day };

const faxOf = async (id: number): Promise<Fax> => {
  const fax = await server.host.ledger.read((facts) => openFaxes(server.host, keeping).find(facts, id));
  if (!fax) throw new Error(`no fax ${id}`);
  return fax;
};

/** What a fax's documents hold, with their types. */
const documentsOf = async (id: number): Promise<[string, string][]> => {
  const { documents } = await faxOf(id);
  return Promise.all(
    documents.map(async (each): Promise<[string, string]> => [each.type, await bytesOf(server, each)]),
  );
};

const inline = (data: string, parameters = {}) => sendfax(server, { FilesData: Buffer.from(data), ...parameters });

describe('documents', () => {
  test('come from a session, once (§13, 4)', async () => {
    const session = await closedSession(server, '%PDF-1.4');
    const request = { FileSizes: `8/sessionID=${session}`, FilesData: '' };
    const id = await sendfax(server, request);
    expect(id).toBeGreaterThan(0);
    expect(await sendfax(server, request)).toBe(-1062);
    expect(await documentsOf(id)).toEqual([['pdf', '%PDF-1.4']]);
  });

  test('are cut from one session by their sizes (§13, 5)', async () => {
    const session = await closedSession(server, 'abcdefgh');
    const id = await sendfax(server, { FileSizes: `3;5/sessionID=${session}`, FileTypes: 'PDF;TXT' });
    expect(await documentsOf(id)).toEqual([
      ['pdf', 'abc'],
      ['txt', 'defgh'],
    ]);
  });

  test('are cut also where each size names the session', async () => {
    const session = await closedSession(server, 'abcdefgh');
    const FileSizes = `3/sessionID=${session};5/sessionID=${session}`;
    expect(await documentsOf(await sendfax(server, { FileSizes, FileTypes: 'PDF;TXT' }))).toEqual([
      ['pdf', 'abc'],
      ['txt', 'defgh'],
    ]);
  });

  test('come from several sessions, each for one or more', async () => {
    const [one, two] = [await closedSession(server, 'abc'), await closedSession(server, 'defghi')];
    const FileSizes = `3/sessionID=${one};2;4/SESSIONID=${two.toLowerCase()};`;
    expect(await documentsOf(await sendfax(server, { FileSizes, FileTypes: 'pdf;tif;.html;' }))).toEqual([
      ['pdf', 'abc'],
      ['tif', 'de'],
      ['html', 'fghi'],
    ]);
  });

  test('come with the call, one behind the other', async () => {
    expect(await documentsOf(await inline('abcdefgh', { FileSizes: '3;5', FileTypes: 'PDF;HTML' }))).toEqual([
      ['pdf', 'abc'],
      ['html', 'defgh'],
    ]);
  });

  test('are mixed: before, between and behind those of a session', async () => {
    const [one, two] = [await closedSession(server, 'AAAA'), await closedSession(server, 'BB')];
    const FileSizes = `1;4/sessionID=${one};2;2/sessionID=${two};3`;
    expect(await documentsOf(await inline('abbccc', { FileSizes, FileTypes: 'PDF;TXT;TIF;GIF;PNG' }))).toEqual([
      ['pdf', 'a'],
      ['txt', 'AAAA'],
      ['tif', 'bb'],
      ['gif', 'BB'],
      ['png', 'ccc'],
    ]);
    const three = await closedSession(server, 'AAAABB');
    const behind = { FileSizes: `4;2/sessionID=${three};3`, FileTypes: 'PDF;TXT;TIF' };
    expect(await documentsOf(await inline('ccc', behind))).toEqual([
      ['pdf', 'AAAA'],
      ['txt', 'BB'],
      ['tif', 'ccc'],
    ]);
  });

  test('what comes with the call counts for nothing where sessions have all', async () => {
    const session = await closedSession(server, 'abc');
    expect(await documentsOf(await inline('junk', { FileSizes: `3/sessionID=${session}` }))).toEqual([['pdf', 'abc']]);
    // Its bytes are not kept.
    expect(await server.host.engine.list({ states: ['open', 'sealed'] })).toEqual([]);
  });

  test('whose lengths do not add up are -1008, and sessions stay', async () => {
    const session = await closedSession(server, 'abcdefgh');
    expect(await sendfax(server, { FileSizes: `7/sessionID=${session}` })).toBe(-1008);
    expect(await sendfax(server, { FileSizes: `9/sessionID=${session}` })).toBe(-1008);
    expect(await sendfax(server, { FileSizes: `8/sessionID=${session};3`, FileTypes: 'PDF;PDF' })).toBe(-1008);
    expect(await inline('ab', { FileSizes: `8/sessionID=${session};3`, FileTypes: 'PDF;PDF' })).toBe(-1008);
    expect(await inline('ab', { FileSizes: '3' })).toBe(-1008);
    expect(await inline('abcd', { FileSizes: '3' })).toBe(-1008);
    expect(await sendfax(server, { FileSizes: `8/sessionID=${session}` })).toBeGreaterThan(0);
  });

  test('that there are none of are -123, as those that cannot be faxed', async () => {
    expect(await sendfax(server, { FileSizes: '8' })).toBe(-123);
    expect(await inline('abc', { FileSizes: '3', FileTypes: 'EXE' })).toBe(-123);
    expect(await number(server, 'Sendfax', { ...alice, FaxNumber: '+442079460123', FileType: 'PDF' })).toBe(-123);
    expect(await number(server, 'SendCharFax', { ...alice, FaxNumber: '+442079460123' })).toBe(-123);
  });

  test.each(['', '0', '-1', 'x', '5x', '1;;2', ';', '1.5', '8sessionID=A', '99999999999999999999'])(
    'whose size is %j are -1007, before it is asked who calls',
    async (FileSizes) => {
      expect(await sendfax(server, { FileSizes, Password: 'wrong' })).toBe(-1007);
    },
  );

  test('whose sizes are not told are -1007, before it is asked who calls (§13, 6)', async () => {
    expect(await sendfax(server, { Password: 'wrong' })).toBe(-1007);
    expect(await number(server, 'SendfaxEx', { ...alice, Password: 'wrong' })).toBe(-1007);
  });

  test('whose types are not those of the sizes are -1002, -1004, -1010, -1059', async () => {
    const types = (FileTypes: string, FileSizes = '1;2') => inline('abc', { FileTypes, FileSizes });
    expect(await types('PDF')).toBe(-1002);
    expect(await types('PDF;')).toBe(-1002);
    expect(await types('PDF;PDF;PDF')).toBe(-1002);
    expect(await types('')).toBe(-1004);
    expect(await types(';PDF')).toBe(-1004);
    expect(await types('PDF;/AB')).toBe(-1004);
    expect(await types('PDF/AB/PB;PDF')).toBe(-1010);
    expect(await types('PDF/AB;PDF/pb')).toBeGreaterThan(0);
    // Before it is asked who calls.
    expect(await inline('abc', { FileTypes: 'PDF', FileSizes: '1;2', Password: 'wrong' })).toBe(-1002);
    const many = Array.from({ length: 101 }, () => '1').join(';');
    expect(await types(many.replaceAll('1', 'PDF'), many)).toBe(-1059);
  });

  test('of a stranger’s session, an open one, a cancelled one and one that is over are -1062', async () => {
    const fax = (session: string) => sendfax(server, { FileSizes: `3/sessionID=${session}` });
    const open = await startSession(server);
    await chunk(server, open, 'abc');
    const cancelled = await closedSession(server, 'abc');
    await number(server, 'CancelFileUpload', { SessionID: cancelled });
    for (const session of [await closedSession(server, 'abc', by('bob')), open, cancelled, unknownSession, ''])
      expect(await fax(session)).toBe(-1062);
    const late = await closedSession(server, 'abc');
    server.clock.advance(60 * 60_000 - 1);
    const inTime = await closedSession(server, 'abc');
    server.clock.advance(1);
    expect([await fax(late), await fax(inTime)]).toEqual([-1062, expect.any(Number)]);
  });

  test('of one session are never in two faxes, however many ask at once', async () => {
    const session = await closedSession(server, 'abc');
    const ids = await Promise.all(
      Array.from({ length: 5 }, () => inline('x', { FileSizes: `3/sessionID=${session};1`, FileTypes: 'PDF;TXT' })),
    );
    expect(ids.filter((id) => id > 0)).toHaveLength(1);
    expect(ids.filter((id) => id === -1062)).toHaveLength(4);
    // Nothing is left of what came with those that were refused.
    expect(await server.host.engine.list({ states: ['open', 'sealed'] })).toEqual([]);
  });

  test('have 20 MiB in all', async () => {
    const small = await serveInterfax({ maxUpload: 10 });
    try {
      const [one, two] = [await closedSession(small, 'abcdef'), await closedSession(small, 'ghijk')];
      const both = { FileSizes: `6/sessionID=${one};5/sessionID=${two}`, FileTypes: 'PDF;PDF' };
      expect(await sendfax(small, both)).toBe(-1063);
      const data = { FilesData: Buffer.from('0123456789a'), FileSizes: '11' };
      expect(await sendfax(small, data)).toBe(-1063);
      expect(await sendfax(small, { ...data, FilesData: Buffer.from('0123456789'), FileSizes: '10' })).toBe(1);
    } finally {
      await small.close();
    }
  });
});

describe('who may', () => {
  test('wrong passwords are -1003, viewers -677; their bytes are not taken in', async () => {
    expect(await inline('abc', { FileSizes: '3', Password: 'wrong' })).toBe(-1003);
    expect(await inline('abc', { FileSizes: '3', ...by('victor') })).toBe(-677);
    expect(await number(server, 'Sendfax', { ...by('victor'), FileData: Buffer.from('a'), FileType: 'PDF' })).toBe(
      -677,
    );
    expect(await number(server, 'SendCharFax', { Username: 'alice', Data: 'a' })).toBe(-1003);
  });

  test('the data may come before everything else', async () => {
    const id = await number(server, 'SendfaxEx_2', {
      FilesData: Buffer.from('abc'),
      FileSizes: '3',
      FileTypes: 'PDF',
      FaxNumbers: '+442079460123',
      ...alice,
    });
    expect(await documentsOf(id)).toEqual([['pdf', 'abc']]);
  });
});

describe('recipients', () => {
  const to = (FaxNumbers: string, more = {}) => inline('abc', { FileSizes: '3', FaxNumbers, ...more });

  test('get consecutive ids, and their names in order', async () => {
    const first = await to('+442079460123; 1-212-987-6543 ;(011) 49 30 1234567;', { Contacts: 'Ann;;Cy' });
    const faxes = await Promise.all([0, 1, 2].map((n) => faxOf(first + n)));
    expect(faxes.map(({ parent, batchSize, recipient }) => [parent, batchSize, recipient])).toEqual([
      [first, 3, { number: '00442079460123', contact: 'Ann' }],
      [first, 3, { number: '0012129876543', contact: '' }],
      [first, 3, { number: '0049301234567', contact: 'Cy' }],
    ]);
    expect(await to('+442079460123')).toBe(first + 3);
    expect(await server.host.jobs.list({ kind: faxJobKind })).toHaveLength(4);
  });

  test.each(['', ';', 'nobody', 'list=customers', '+442079460123;x', '12', '+12345678901234567'])(
    'that are %j are -112',
    async (FaxNumbers) => {
      expect(await to(FaxNumbers)).toBe(-112);
    },
  );

  test('are at most 20000, or 500, or one', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => `+44207${100_000 + n}`).join(';');
    expect(await to(many(20_001))).toBe(-112);
    const ex = (count: number) =>
      number(server, 'SendfaxEx', {
        ...alice,
        FaxNumbers: many(count),
        FilesData: Buffer.from('abc'),
        FileTypes: 'PDF',
        FileSizes: '3',
      });
    expect([await ex(501), await ex(500)]).toEqual([-112, 1]);
    const one = { ...alice, FileData: Buffer.from('a'), FileType: 'PDF' };
    expect(await number(server, 'Sendfax', { ...one, FaxNumber: many(2) })).toBe(-112);
    expect(await number(server, 'Sendfax', { ...one, FaxNumber: many(1) })).toBe(501);
  });

  test('ids go on behind those of before, and never reach 999999999', async () => {
    await server.host.ledger.transact(async (facts) => facts.put('interfax/next/id', 999_999_998));
    expect(await to('+442079460123')).toBe(999_999_998);
    expect(await to('+442079460123;+442079460124')).toBe(1);
    await server.host.ledger.transact(async (facts) => facts.put('interfax/next/id', 999_999_998));
    expect(await to('+442079460123;+442079460124')).toBe(3);
  });
});

describe('what else is said', () => {
  test('is kept as the client said it', async () => {
    const id = await inline('abc', {
      FileSizes: '3',
      Contacts: 'Ann',
      Postpone: '2026-01-02T03:04:05',
      RetriesToPerform: 7,
      CSID: 'ACME &amp; Co., a long name'.replace('&amp;', '&'),
      PageHeader: 'To {To}',
      JobID: 'job',
      Subject: 's'.repeat(70),
      ReplyAddress: 'a@example.org;b@example.org',
      PageSize: 'letter',
      PageOrientation: 'Landscape',
      IsHighResolution: 1,
      IsFineRendering: 'true',
    });
    const { settings, postponedTo, job, status, owner } = await faxOf(id);
    expect(settings).toEqual({
      csid: 'ACME & Co., a long n',
      pageHeader: 'To {To}',
      jobId: 'job',
      subject: 's'.repeat(60),
      replyAddress: 'a@example.org;b@example.org',
      pageSize: 'Letter',
      orientation: 'Landscape',
      resolution: 'Fine',
      rendering: 'Greyscale',
      fitToPage: true,
      attempts: 7,
    });
    expect({ status, owner, postponedTo }).toEqual({
      status: -1,
      owner: 'alice',
      postponedTo: Date.UTC(2026, 0, 2, 3, 4, 5),
    });
    expect(await server.host.jobs.find(job)).toMatchObject({
      state: 'waiting',
      kind: faxJobKind,
      input: { fax: id },
      dueAt: postponedTo,
    });
  });

  test('is as the options have it where it is left out, in any order (§3)', async () => {
    const { pageHeader } = defaultsOf(options);
    const id = await number(server, 'SendfaxEx_2', {
      IsHighResolution: false,
      FileSizes: '3',
      FileTypes: 'PDF',
      FaxNumbers: '2129876543',
      Username: 'alice',
      FilesData: Buffer.from('abc'),
      Password: 'secret',
    });
    const fax = await faxOf(id);
    expect(fax).toMatchObject({ postponedTo: null, recipient: { number: '0012129876543', contact: '' } });
    expect(fax.settings).toMatchObject({
      csid: '',
      pageHeader,
      pageSize: 'A4',
      orientation: 'Portrait',
      resolution: 'Standard',
      rendering: 'BlackAndWhite',
      attempts: 3,
    });
    const header = async (PageHeader: string) =>
      (await faxOf(await inline('abc', { FileSizes: '3', PageHeader }))).settings.pageHeader;
    expect([await header('Y'), await header('N'), await header('')]).toEqual([pageHeader, '', pageHeader]);
  });

  test.each([
    '2000-01-01',
    '2000-01-01T00:00:00',
    '2025-12-31T23:59:59Z',
    '2026-01-01T01:00:00.123+02:00',
    '',
    '0001-01-01T00:00:00',
  ])('a moment that is over, as %j, is at once', async (Postpone) => {
    expect(await faxOf(await inline('abc', { FileSizes: '3', Postpone }))).toMatchObject({ postponedTo: null });
  });

  test('more than 30 days ahead is -114, before sessions are looked at', async () => {
    const request = { FileSizes: `3/sessionID=${unknownSession}` };
    expect(await sendfax(server, { ...request, Postpone: '2026-01-31T00:00:01Z' })).toBe(-114);
    expect(await sendfax(server, { ...request, Postpone: '2026-01-31T00:00:00Z' })).toBe(-1062);
    expect(await sendfax(server, { ...request, FaxNumbers: '', Postpone: '2026-02-01T00:00:00Z' })).toBe(-112);
    const soon = await call(server, 'SendfaxEx_2', { ...alice, ...request, Postpone: 'soon' });
    expect(soon.status).toBe(500);
  });
});

test('Sendfax and SendCharFax fax one document to one number', async () => {
  const one = { ...alice, FaxNumber: '+1 (212) 987-6543' };
  const sent = await number(server, 'Sendfax', { ...one, FileData: Buffer.from('%PDF'), FileType: 'PDF' });
  const text = await number(server, 'SendCharFax', { ...one, Data: 'Grüße & <more>' });
  const html = await number(server, 'SendCharFax', { ...one, Data: 'Hello', FileType: 'HTML' });
  expect(await documentsOf(sent)).toEqual([['pdf', '%PDF']]);
  expect(await documentsOf(text)).toEqual([['txt', 'Grüße & <more>']]);
  expect(await documentsOf(html)).toEqual([['html', 'Hello']]);
});

test('SendfaxEx takes sessions, too', async () => {
  const session = await closedSession(server, 'abcdefgh');
  const id = await number(server, 'SendfaxEx', {
    ...alice,
    FaxNumbers: '+442079460123',
    FileTypes: 'PDF;TXT',
    FileSizes: `3;5/sessionID=${session}`,
    IsHighResolution: true,
    CSID: 'me',
    Subject: 'it',
    ReplyAddress: 'a@example.org',
  });
  expect(await faxOf(id)).toMatchObject({
    settings: { resolution: 'Fine', csid: 'me', subject: 'it', replyAddress: 'a@example.org' },
  });
  expect(await documentsOf(id)).toEqual([
    ['pdf', 'abc'],
    ['txt', 'defgh'],
  ]);
});

test('a session whose last chunk outlived its process, and its closing did not, can be faxed', async () => {
  const session = await startSession(server);
  await chunk(server, session, 'abc');
  const [upload] = await server.host.engine.list();
  const one = async function* () {
    yield Buffer.from('def');
  };
  const staged = await server.host.engine.stage(one(), { keep: 'whole' });
  await server.host.engine.accept(staged, { upload: upload?.id ?? '', offset: 'end', last: true });
  expect(await documentsOf(await sendfax(server, { FileSizes: `6/sessionID=${session}` }))).toEqual([
    ['pdf', 'abcdef'],
  ]);
});

test('bytes that nobody faxes go with their session, those of a fax when its time is over', async () => {
  const sweep = async () => {
    const sweeps = (await interfax.load()).sweeps?.(server.host, defaultsOf(options)) ?? [];
    for (const each of sweeps) await each.run(new AbortController().signal);
  };
  const objects = async () => (await server.host.ledger.read((facts) => facts.list({ prefix: 'object/' }))).length;
  const [faxed, lost] = [await closedSession(server, 'abc'), await closedSession(server, 'def')];
  const id = await sendfax(server, { FileSizes: `3/sessionID=${faxed}`, FaxNumbers: '+442079460123;+442079460124' });
  const again = await number(server, 'ReSendFax', { ...alice, TransactionID: id });
  expect(lost).toHaveLength(64);
  expect(await objects()).toBe(2);
  server.clock.advance(60 * 60_000);
  await sweep();
  await sweep();
  expect(await objects()).toBe(1);

  const faxes = openFaxes(server.host, keeping);
  await faxes.finished(id, 0);
  server.clock.advance(14 * day);
  await sweep();
  await sweep();
  expect(await objects()).toBe(1);
  await faxes.finished(id + 1, 263);
  await faxes.finished(again, 0);
  server.clock.advance(14 * day);
  await sweep();
  await sweep();
  expect(await objects()).toBe(0);
  expect(await number(server, 'ReSendFax', { ...alice, TransactionID: again })).toBe(-1009);
  server.clock.advance(16 * day);
  await sweep();
  expect(await number(server, 'ReSendFax', { ...alice, TransactionID: again })).toBe(-1005);
  const left = await server.host.ledger.read((facts) => facts.list({ prefix: 'interfax/' }));
  expect(left.map(({ key }) => key)).toEqual(['interfax/next/id']);
});

test('SOAP 1.2 without an action, and bytes as an attachment', async () => {
  const inside = callElement('SendfaxEx_2', {
    ...alice,
    FaxNumbers: '+442079460123',
    FileTypes: 'PDF',
    FileSizes: '3',
  }).replace(
    '</SendfaxEx_2>',
    '<FilesData><i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:x"/></FilesData></SendfaxEx_2>',
  );
  const part = (id: string, type: string, body: string) =>
    `--b\r\nContent-ID: <${id}>\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: binary\r\n\r\n${body}\r\n`;
  const root = 'application/xop+xml; charset=utf-8; type="text/xml"';
  const reply = await post(
    server,
    `${part('root', root, envelope(inside))}${part('x', 'application/pdf', 'abc')}--b--\r\n`,
    {
      'content-type':
        'multipart/related; boundary=b; type="application/xop+xml"; start="<root>"; start-info="text/xml"',
    },
  );
  expect(await documentsOf(Number(reply.values.SendfaxEx_2Result))).toEqual([['pdf', 'abc']]);
});
