import { beforeEach, describe, expect, test } from 'vitest';
import { faxJobKind } from '../../src/dialects/interfax/faxes/faxes.js';
import { openFaxes } from '../../src/dialects/interfax/faxes/open.js';
import { statuses } from '../../src/dialects/interfax/faxes/statuses.js';
import { type Answered, alice, by, call, eachWithServer, number, restart, sendfax, server } from './calls.js';

eachWithServer();

let faxes: ReturnType<typeof openFaxes>;
beforeEach(() => {
  faxes = openFaxes(server.host, { bytes: 1, record: 1 });
});

const bob = by('bob');
const fax = (more = {}) => sendfax(server, { FilesData: Buffer.from('abc'), FileSizes: '3', ...more });
const two = { FaxNumbers: '+442079460123;+442079460124' };

/** What stands in each of an answer's elements of this name. */
const all = ({ body }: Answered, name: string): string[] =>
  [...body.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => text);
const idsOf = (answer: Answered) => all(answer, 'TransactionID').map(Number);

const once = async function* (bytes: Uint8Array) {
  yield bytes;
};

/** Gives a fax an image, as the worker does. */
const giveImage = async (id: number, bytes: Buffer, pages: number): Promise<void> => {
  const { engine } = server.host;
  const upload = await engine.open({ dialect: 'interfax', owner: 'alice', size: bytes.length });
  const staged = await engine.stage(once(bytes), { upload: upload.id, offset: 0, keep: 'whole' });
  await engine.accept(staged, {
    finish: {
      record: async (facts, { object }) =>
        faxes.rendered(facts, id, { object: object ?? '', size: bytes.length, pages }),
    },
  });
};

describe('FaxStatus', () => {
  const status = (parameters = {}) =>
    call(server, 'FaxStatus', { ...alice, LastTransactionID: 999_999_999, MaxItems: 10, ...parameters });

  test('answers faxes with smaller ids, the newest first, and how many there are', async () => {
    for (let n = 1; n <= 5; n += 1) expect(await fax()).toBe(n);
    await fax(bob);
    const page = await status({ LastTransactionID: 5, MaxItems: 2 });
    expect(idsOf(page)).toEqual([4, 3]);
    expect(page.values).toMatchObject({ TotalCount: '5', ListSize: '2', ResultCode: '0' });
    // One fax: ask for the next one's id.
    expect(idsOf(await status({ LastTransactionID: 3, MaxItems: 1 }))).toEqual([2]);
    expect(idsOf(await status())).toEqual([5, 4, 3, 2, 1]);
    expect(idsOf(await status({ MaxItems: -1 }))).toEqual([5, 4, 3, 2, 1]);
  });

  test('answers a fax as it stands: result first, members in order, times without a zone', async () => {
    const id = await fax({ Subject: 'A & B' });
    await giveImage(id, Buffer.from('tiff'), 3);
    await faxes.progress(id, statuses.ready);
    server.clock.advance(61_000);
    await faxes.finished(id, 0, { pagesSent: 3, duration: 59, remoteCsid: 'THEM', attemptsMade: 1 });
    const { body } = await status();
    expect(body).toContain(
      '<FaxStatusResponse xmlns="http://www.interfax.cc"><FaxStatusResult><FaxItem>' +
        `<TransactionID>${id}</TransactionID><SubmitTime>2026-01-01T00:00:00</SubmitTime>` +
        '<PostponeTime>0001-01-01T00:00:00</PostponeTime><CompletionTime>2026-01-01T00:01:01</CompletionTime>' +
        '<DestinationFax>00442079460123</DestinationFax><RemoteCSID>THEM</RemoteCSID><PagesSent>3</PagesSent>' +
        '<Status>0</Status><Duration>59</Duration><Subject>A &amp; B</Subject><PagesSubmitted>3</PagesSubmitted>' +
        '</FaxItem></FaxStatusResult><TotalCount>1</TotalCount><ListSize>1</ListSize><ResultCode>0</ResultCode></FaxStatusResponse>',
    );
  });

  test('answers an empty list, or none with a code', async () => {
    expect((await status()).body).toContain(
      '<FaxStatusResult /><TotalCount>0</TotalCount><ListSize>0</ListSize><ResultCode>0</ResultCode>',
    );
    expect((await status({ Password: 'wrong' })).body).toContain(
      '<FaxStatusResponse xmlns="http://www.interfax.cc"><TotalCount>0</TotalCount><ListSize>0</ListSize><ResultCode>-1003</ResultCode>',
    );
  });

  test('answers 100 faxes at most', async () => {
    const numbers = Array.from({ length: 105 }, (_, n) => `+4420794${10_000 + n}`).join(';');
    await fax({ FaxNumbers: numbers });
    const { values } = await status({ MaxItems: 500 });
    expect(values).toMatchObject({ TotalCount: '105', ListSize: '100' });
  });

  test('asked too often is -1011, until a minute is over', async () => {
    await restart({ pollsPerMinute: 2 });
    const code = async (who = alice) => (await status(who)).values.ResultCode;
    expect([await code(), await code(), await code(), await code(bob)]).toEqual(['0', '0', '-1011', '0']);
    expect((await call(server, 'FaxQuery', { ...alice, Verb: 'ACTIVE' })).values.ResultCode).toBe('-1011');
    server.clock.advance(60_000);
    expect(await code()).toBe('0');
  });
});

test('FaxStatusEx tells all that is known of a fax, in order', async () => {
  const id = await fax({ ...two, Contacts: 'Ann;Ben', JobID: 'j', CSID: 'ME', PageHeader: 'N', ReplyAddress: 'a@b.c' });
  const answer = await call(server, 'FaxStatusEx', { ...alice, LastTransactionID: id + 2, MaxItems: 1 });
  expect(answer.body).toContain(
    `<FaxItemEx><ParentTransactionID>${id}</ParentTransactionID><TransactionID>${id + 1}</TransactionID>` +
      '<SubmitTime>2026-01-01T00:00:00</SubmitTime><PostponeTime>0001-01-01T00:00:00</PostponeTime>' +
      '<CompletionTime>0001-01-01T00:00:00</CompletionTime><UserID>alice</UserID><Contact>Ben</Contact><JobID>j</JobID>' +
      '<DestinationFax>00442079460124</DestinationFax><ReplyEmail>a@b.c</ReplyEmail><RemoteCSID></RemoteCSID><PagesSent>0</PagesSent>' +
      '<Status>-1</Status><Duration>0</Duration><Subject></Subject><PagesSubmitted>0</PagesSubmitted><SenderCSID>ME</SenderCSID>' +
      '<Priority>2</Priority><Units>0</Units><CostPerUnit>0</CostPerUnit><PageSize>A4</PageSize>' +
      '<PageOrientation>Portrait</PageOrientation><PageResolution>Standard</PageResolution>' +
      '<RenderingQuality>BlackAndWhite</RenderingQuality><PageHeader></PageHeader><RetriesToPerform>3</RetriesToPerform>' +
      '<TrialsPerformed>0</TrialsPerformed></FaxItemEx>',
  );
});

describe('FaxQuery', () => {
  const query = async (Verb: string, VerbData = '', MaxItems = -1) => {
    const answer = await call(server, 'FaxQuery', { ...alice, Verb, VerbData, MaxItems });
    return answer.values.ResultCode === '0' ? idsOf(answer) : Number(answer.values.ResultCode);
  };

  test('knows its verbs', async () => {
    await fax(two);
    await fax(bob);
    await fax(two);
    expect(await query('PARENT', '4')).toEqual([5, 4]);
    expect(await query('GT', '2')).toEqual([5, 4]);
    expect(await query('GE', '2')).toEqual([5, 4, 2]);
    expect(await query('LT', '4')).toEqual([2, 1]);
    expect(await query('le', '4')).toEqual([4, 2, 1]);
    expect(await query('EQ', '4')).toEqual([4]);
    expect(await query('EQ', '3')).toEqual([]);
    expect(await query('BETWEEN', '2,4')).toEqual([4, 2]);
    expect(await query('IN', '1, 3,5')).toEqual([5, 1]);
    expect(await query('GE', '1', 2)).toEqual([5, 4]);
    await faxes.finished(4, 263);
    expect(await query('ACTIVE')).toEqual([5, 2, 1]);
  });

  test.each([
    ['NEXT', '1'],
    ['', '1'],
    ['EQ', ''],
    ['EQ', 'x'],
    ['EQ', '1,2'],
    ['EQ', '-1'],
    ['BETWEEN', '1'],
    ['BETWEEN', '2,1'],
    ['BETWEEN', '1,2,3'],
    ['IN', '1,,2'],
    ['ACTIVE', '1'],
  ])('%s of %j is -1030', async (verb, data) => {
    expect(await query(verb, data)).toBe(-1030);
  });
});

describe('FaxQuery2', () => {
  const condition = (verb: string, data: string) => `<Verb>${verb}</Verb><VerbData>${data}</VerbData>`;
  const query = (
    form: Record<string, string>,
    control: Record<string, string | number | boolean> = {},
    who = alice,
  ) => {
    const inside = (values: Record<string, string | number | boolean>) =>
      Object.entries(values)
        .map(([name, value]) => `<${name}>${value}</${name}>`)
        .join('');
    const [QueryForm, QueryControl] = [inside(form), inside({ ReturnItems: true, NumOfResults: 10, ...control })];
    return call(server, 'FaxQuery2', { ...who, QueryForm: QueryForm || ' ', QueryControl });
  };
  const ids = async (...asked: Parameters<typeof query>) => idsOf(await query(...asked));

  beforeEach(async () => {
    await fax({ ...two, Subject: 'Invoice 1', ReplyAddress: 'a@example.org' });
    server.clock.advance(60_000);
    await fax({ Subject: 'Offer', FaxNumbers: '+12129876543' });
    await fax({ Subject: 'invoice 2' });
    await faxes.finished(3, 263);
    await faxes.finished(4, 0);
  });

  test('finds by conditions; one without data says nothing', async () => {
    expect(await ids({})).toEqual([4, 3, 2, 1]);
    expect(await ids({ Subject: condition('Like', '%voice%') })).toEqual([4, 2, 1]);
    expect(await ids({ Subject: condition('Like', 'INV%1') })).toEqual([2, 1]);
    expect(await ids({ Subject: condition('Equals', 'Offer') })).toEqual([3]);
    expect(await ids({ Subject: condition('Equals', '') })).toEqual([4, 3, 2, 1]);
    expect(await ids({ FaxNumber: condition('Like', '001%') })).toEqual([3]);
    expect(await ids({ TransactionID: condition('Between', '2,3') })).toEqual([3, 2]);
    expect(await ids({ TransactionID: condition('IncludedIn', '1, 4') })).toEqual([4, 1]);
    expect(await ids({ TransactionID: condition('GreaterThan', '2') })).toEqual([4, 3]);
    expect(await ids({ TransactionID: condition('LessOrEqual', '2') })).toEqual([2, 1]);
    expect(await ids({ ParentTransactionID: condition('Equals', '1') })).toEqual([2, 1]);
    expect(await ids({ Status: condition('LessThan', '0') })).toEqual([2, 1]);
    expect(await ids({ Status: condition('GreaterOrEqual', '0') })).toEqual([4, 3]);
    expect(await ids({ ReplyAddress: condition('Equals', 'a@example.org') })).toEqual([2, 1]);
    expect(await ids({ UserID: condition('Equals', 'bob') })).toEqual([]);
    expect(await ids({ DateFrom: '2026-01-01T00:00:30' })).toEqual([4, 3]);
    expect(await ids({ DateFrom: '0001-01-01T00:00:00', DateTo: '2026-01-01T00:00:30' })).toEqual([2, 1]);
  });

  test('sorts, turns pages and counts', async () => {
    expect(await ids({}, { OnlyParents: true })).toEqual([4, 3, 1]);
    expect(await ids({}, { AscOrderDirection: true })).toEqual([1, 2, 3, 4]);
    expect(await ids({}, { OrderBy: 'Status', AscOrderDirection: true })).toEqual([1, 2, 4, 3]);
    expect(await ids({}, { StartingRecord: 1, NumOfResults: 2 })).toEqual([3, 2]);
    const { body, values } = await query({}, { ReturnItems: false, ReturnStats: true });
    expect(body).not.toContain('FaxItems');
    expect(body).toContain(
      '<Stats><StatusCount><Status>-1</Status><Count>2</Count></StatusCount><StatusCount><Status>0</Status><Count>1</Count></StatusCount>' +
        '<StatusCount><Status>263</Status><Count>1</Count></StatusCount></Stats>',
    );
    expect(values.TotalTransactionsNum).toBe('4');
    expect((await query({ TransactionID: condition('Equals', '2') })).values.NumOfTransactions).toBe('2');
  });

  test('refuses what it cannot understand', async () => {
    const code = async (...asked: Parameters<typeof query>) => (await query(...asked)).values.ResultCode;
    expect(await code({}, { ReturnItems: false })).toBe('-710');
    expect((await call(server, 'FaxQuery2', alice)).values.ResultCode).toBe('-710');
    expect(await code({ TransactionID: condition('Equals', 'x') })).toBe('-1030');
    expect(await code({ TransactionID: condition('Between', '1') })).toBe('-1030');
    expect(await code({}, {}, { ...alice, Password: 'wrong' })).toBe('-1003');
    expect(await query({ Subject: condition('Resembles', 'x') })).toMatchObject({ status: 500 });
  });

  test('shows hidden faxes where it is asked for', async () => {
    await number(server, 'HideFax', { ...alice, TransactionID: 4 });
    expect(await ids({})).toEqual([3, 2, 1]);
    expect(await ids({ ShowHiddenTransactions: 'true' })).toEqual([4, 3, 2, 1]);
  });
});

describe('cancelling', () => {
  const cancel = (TransactionID: number, who = alice) => number(server, 'CancelFax', { ...who, TransactionID });
  const batch = (ParentTransactionID: number, who = alice) =>
    number(server, 'CancelBatch', { ...who, ParentTransactionID });
  const statusOf = async (id: number) => (await server.host.ledger.read((facts) => faxes.find(facts, id)))?.status;

  test('ends a fax that waits, and its job; of a batch’s first that one alone', async () => {
    const id = await fax(two);
    expect(await cancel(id)).toBe(0);
    expect([await statusOf(id), await statusOf(id + 1)]).toEqual([403, -1]);
    const states = (await server.host.jobs.list({ kind: faxJobKind })).map(({ state, input }) => [input, state]);
    expect(states).toContainEqual([{ fax: id }, 'cancelled']);
    expect(states).toContainEqual([{ fax: id + 1 }, 'waiting']);
    expect(await faxes.take(id)).toBeUndefined();
    expect(await faxes.progress(id, statuses.sending)).toBe(false);
    expect(await faxes.finished(id, 0)).toBe(false);
    expect(await statusOf(id)).toBe(403);
  });

  test('ends what waits for another attempt, and not what is on the line or over: -1005', async () => {
    const id = await fax(two);
    await faxes.progress(id, statuses.sending, { onLine: true });
    expect(await cancel(id)).toBe(-1005);
    await faxes.progress(id, statuses.sending, { attemptsMade: 1 });
    expect(await cancel(id)).toBe(0);
    expect(await cancel(id)).toBe(-1005);
    await faxes.finished(id + 1, 0);
    expect(await cancel(id + 1)).toBe(-1005);
  });

  test('a batch ends all of it that waits', async () => {
    const id = await fax({ FaxNumbers: `${two.FaxNumbers};+442079460125` });
    await faxes.finished(id + 1, 0);
    expect(await batch(id + 1)).toBe(-1005);
    expect(await batch(id)).toBe(0);
    expect([await statusOf(id), await statusOf(id + 1), await statusOf(id + 2)]).toEqual([403, 0, 403]);
    expect(await batch(id)).toBe(-1005);
  });

  test('of nobody’s fax is -1005, of somebody else’s -311, without a password -1003', async () => {
    const id = await fax();
    expect([await cancel(id + 1), await cancel(0), await cancel(-1)]).toEqual([-1005, -1005, -1005]);
    expect([await cancel(id, bob), await batch(id, bob)]).toEqual([-311, -311]);
    expect(await cancel(id, { Username: 'alice', Password: '' })).toBe(-1003);
    expect(await cancel(id, by('root'))).toBe(0);
  });
});

test('HideFax and HideBatch take faxes out of the lists', async () => {
  const id = await fax(two);
  const listed = async () => {
    const answer = await call(server, 'FaxStatus', { ...alice, LastTransactionID: 999_999_999, MaxItems: 9 });
    return [idsOf(answer), answer.values.TotalCount];
  };
  expect(await number(server, 'HideFax', { ...bob, TransactionID: id })).toBe(-311);
  expect(await number(server, 'HideFax', { ...alice, TransactionID: id })).toBe(0);
  expect(await number(server, 'HideFax', { ...alice, TransactionID: id })).toBe(0);
  expect(await listed()).toEqual([[id + 1], '1']);
  expect(await number(server, 'HideBatch', { ...alice, ParentTransactionID: id + 1 })).toBe(-1005);
  expect(await number(server, 'HideBatch', { ...alice, ParentTransactionID: id })).toBe(0);
  expect(await listed()).toEqual([[], '0']);
});

test('ReSendFax faxes the same once more, to the same number or another', async () => {
  const id = await fax({ ...two, Contacts: 'Ann;Ben', Subject: 's' });
  const resend = (parameters = {}) => number(server, 'ReSendFax', { ...alice, TransactionID: id + 1, ...parameters });
  const again = await resend();
  const other = await resend({ FaxNumber: '1-212-987-6543' });
  const found = await server.host.ledger.read(async (facts) => [
    await faxes.find(facts, id + 1),
    await faxes.find(facts, again),
    await faxes.find(facts, other),
  ]);
  expect([again, other]).toEqual([id + 2, id + 3]);
  expect(found[1]).toMatchObject({ parent: again, recipient: { number: '00442079460124', contact: 'Ben' } });
  expect(found[2]).toMatchObject({ parent: other, recipient: { number: '0012129876543', contact: 'Ben' } });
  expect(found[1]?.documents).toEqual(found[0]?.documents);
  expect(found[1]?.settings).toEqual(found[0]?.settings);
  expect(await resend({ FaxNumber: 'x' })).toBe(-112);
  expect(await resend({ TransactionID: 99 })).toBe(-1005);
  expect(await resend(bob)).toBe(-311);
  expect(await resend(by('victor'))).toBe(-677);
});

test('GetFaxImage answers the pages once there are any', async () => {
  const id = await fax();
  const image = (parameters = {}) => call(server, 'GetFaxImage', { ...alice, TransactionID: id, ...parameters });
  expect((await image()).body).toContain(
    '<GetFaxImageResponse xmlns="http://www.interfax.cc"><GetFaxImageResult>-1009</GetFaxImageResult></GetFaxImageResponse>',
  );
  const tiff = Buffer.alloc(100_000, 'II*\0');
  await giveImage(id, tiff, 1);
  const { values } = await image({ Image: Buffer.from('not read') });
  expect(values.GetFaxImageResult).toBe('0');
  expect(Buffer.from(values.Image ?? '', 'base64').equals(tiff)).toBe(true);
  // A job that runs again makes another; the first one stays.
  await giveImage(id, Buffer.from('other'), 1);
  expect((await image()).values.Image).toBe(values.Image);
  expect((await image(bob)).values.GetFaxImageResult).toBe('-311');
  expect((await image({ TransactionID: 99 })).values.GetFaxImageResult).toBe('-1005');
});

test('what is not offered answers -150 in its own shape', async () => {
  for (const name of ['ResendBroadcastFax', 'SendWordMailMerge']) expect(await number(server, name, alice)).toBe(-150);
  for (const name of [
    'FaxStatusXML',
    'GetListPP',
    'GetPPCardDetails',
    'GetPPCardTransactions',
    'GetPPCardTransactionsAsByteArray',
  ])
    expect((await call(server, name, alice)).values.ResultCode).toBe('-150');
});

/** The types that an installation with these programs says that it can fax. */
const typesWith = async (programs: { libreOffice: string; ghostscript: string }): Promise<string[]> => {
  await restart(programs);
  return (await call(server, 'GetSupportedFileTypes')).values.GetSupportedFileTypesResult?.split(';') ?? [];
};

test('the types that can be faxed here are told to anybody', async () => {
  const drawnAlone = ['PDF', 'TIF', 'TIFF', 'HTML', 'HTM', 'TXT', 'XML', 'PNG', 'JPG', 'JPEG', 'GIF', 'BMP'];
  const any = process.execPath;
  expect((await typesWith({ libreOffice: '', ghostscript: '/no/such/program' })).sort()).toEqual(drawnAlone.sort());
  expect(await typesWith({ libreOffice: '', ghostscript: any })).toEqual(expect.arrayContaining(['PS', 'EPS']));
  const types = await typesWith({ libreOffice: any, ghostscript: '' });
  expect(types).toEqual(expect.arrayContaining([...drawnAlone, 'DOC', 'DOCX', 'XLS', 'ODT', 'RTF']));
  const known = async (FileType: string) =>
    (await call(server, 'IsSupportedFileType', { FileType })).values.IsSupportedFileTypeResult;
  for (const type of types) expect(await known(type)).toBe('true');
  expect(await known('.pdf')).toBe('true');
  for (const type of ['EXE', 'PS', 'ZIP', '', 'constructor', 'pdf;doc']) expect(await known(type)).toBe('false');
});
