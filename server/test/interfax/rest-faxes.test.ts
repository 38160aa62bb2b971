import { describe, expect, test } from 'vitest';
import type { Fax } from '../../src/dialects/interfax/faxes/fax.js';
import { faxShelf, findFax } from '../../src/dialects/interfax/faxes/records.js';
import { exchangeBytes } from '../golden.js';
import { bytesOf, eachWithServer, restart, server } from './calls.js';
import { createDocument, type RestRequest, readyDocument, rest, sendChunk, wrongDocument } from './rest.js';

eachWithServer();

const to = '/outbound/faxes?faxNumber=%2B442079460123';
const send = (asked: RestRequest, query = '') => rest(server, 'POST', `${to}${query}`, asked);
const text = { 'content-type': 'text/plain; charset=utf-8' };

const faxAt = async (location: string | null): Promise<Fax> => {
  const id = Number(location?.split('/').at(-1));
  const fax = await server.host.ledger.read((facts) => findFax(facts, id));
  if (!fax) throw new Error(`no fax ${id}`);
  return fax;
};

const documentsOf = async (location: string | null): Promise<string[]> => {
  const { documents } = await faxAt(location);
  const contents = await Promise.all(documents.map((each) => bytesOf(server, each)));
  return documents.map(({ type }, index) => `${type}: ${contents[index]}`);
};

const noFaxes = async () => expect(await server.host.ledger.read((facts) => faxShelf.list(facts))).toEqual([]);

const multipart = (kind: string, parts: readonly (readonly [headers: string, body: string])[]): RestRequest => ({
  headers: { 'content-type': `multipart/${kind}; boundary="a b"` },
  body: `${parts.map(([headers, body]) => `--a b\r\n${headers}\r\n\r\n${body}\r\n`).join('')}--a b--\r\n`,
});

describe('the documents of a fax', () => {
  test('are the body', async () => {
    const { status, location, body, type } = await send({ headers: text, body: 'hello' });
    expect({ status, location, body, type }).toEqual({
      status: 201,
      location: `${server.url}/outbound/faxes/1`,
      body: '',
      type: 'text/json',
    });
    expect(await documentsOf(location)).toEqual(['txt: hello']);
  });

  test.each([
    ['as it was answered', (path: string) => `${server.url}${path}`],
    ['at another host', (path: string) => `https://rest.interfax.net${path}`],
    ['below another path', (path: string) => `http://proxy.example.com/fax${path}/`],
    ['without a host', (path: string) => path],
    ['in upper case', (path: string) => path.toUpperCase()],
  ])('are named by Content-Location, %s', async (_, written) => {
    const path = await readyDocument(server, 'hello', { name: 'a.HTML' });
    // A body beside it means nothing.
    const headers = { 'content-location': written(path), 'content-type': 'application/x-www-form-urlencoded' };
    const { status, location } = await send({ headers, body: 'x=y' });
    expect(status).toBe(201);
    expect(await documentsOf(location)).toEqual(['html: hello']);
    expect(await send({ headers })).toMatchObject(wrongDocument);
  });

  test.each(['mixed', 'form-data', 'related'])('are the parts of multipart/%s, in their order', async (kind) => {
    const path = await readyDocument(server, 'uploaded', { name: 'a.pdf' });
    const { status, location } = await send(
      multipart(kind, [
        ['Content-Type: text/plain\r\nContent-Disposition: form-data; \r\nContent-Length: 3', 'one'],
        [`Content-Location: ${server.url}${path}\r\nContent-Disposition: form-data`, ''],
        ['Content-Type: IMAGE/PNG', 'two'],
      ]),
    );
    expect(status).toBe(201);
    expect(await documentsOf(location)).toEqual(['txt: one', 'pdf: uploaded', 'png: two']);
    expect(await rest(server, 'GET', path)).toMatchObject(wrongDocument);
  });

  test('as the Node SDK frames them (§13, 12)', async () => {
    const first = await readyDocument(server, 'first');
    const second = await readyDocument(server, 'second');
    const body =
      `--B\r\nContent-Location: ${server.url}${first}\r\n\r\n` +
      '--B\r\nContent-Type: text/plain\r\n\r\ninline\r\n\r\n' +
      `--B\r\nContent-Location: ${server.url}${second}\r\n\r\n--B--`;
    const { status, location } = await send({ headers: { 'content-type': 'multipart/mixed; boundary=B' }, body });
    expect(status).toBe(201);
    expect(await documentsOf(location)).toEqual(['txt: first', 'txt: inline\r\n', 'txt: second']);
  });

  test('for a single use are gone with the fax; others stay', async () => {
    const path = await readyDocument(server, 'hello', { more: '&disposition=multiUse' });
    for (const n of [1, 2]) {
      const { status, location } = await send({ headers: { 'content-location': path } });
      expect([n, status]).toEqual([n, 201]);
      expect(await documentsOf(location)).toEqual(['txt: hello']);
    }
    expect((await rest(server, 'GET', path)).json).toMatchObject({ status: 'Ready' });
    const shared = await readyDocument(server, 'hello', { more: '&sharing=shared' });
    expect(await send({ who: 'bob', headers: { 'content-location': path } })).toMatchObject(wrongDocument);
    expect((await send({ who: 'bob', headers: { 'content-location': shared } })).status).toBe(201);
    expect(await rest(server, 'GET', shared)).toMatchObject(wrongDocument);
  });

  test('faxed by two at once are faxed once', async () => {
    const path = await readyDocument(server, 'hello');
    const part = [`Content-Location: ${path}`, ''] as const;
    const asked = multipart('mixed', [['Content-Type: text/plain', 'cover'], part]);
    const answers = await Promise.all([send(asked), send(asked), send(asked)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 404, 404]);
    const left = (await server.host.engine.list({ states: ['open', 'sealed'] })).length;
    expect(left).toBe(0);
  });

  test('not yet complete, unknown, or elsewhere are refused', async () => {
    const open = await createDocument(server, 10);
    await sendChunk(server, open, 0, '01234');
    expect(await send({ headers: { 'content-location': open } })).toMatchObject(wrongDocument);
    expect(await send({ headers: { 'content-location': `/outbound/documents/${'0'.repeat(32)}` } })).toMatchObject(
      wrongDocument,
    );
    for (const location of ['https://www.example.com/page.html', 'http://127.0.0.1/', 'file:///etc/passwd', ''])
      expect(await send({ headers: { 'content-location': location } })).toMatchObject({
        status: 400,
        json: { code: -123 },
      });
    await noFaxes();
  });

  test.each([
    ['nothing', {}, 400, -123],
    ['an empty body', { headers: text, body: '' }, 400, -123],
    ['a type that cannot be faxed', { headers: { 'content-type': 'application/x-msdownload' }, body: 'MZ' }, 415, -123],
    ['no type', { headers: { 'content-type': '' }, body: 'x' }, 415, -123],
    ['no parts', { headers: { 'content-type': 'multipart/mixed; boundary=B' }, body: '--B--' }, 400, -123],
    ['no boundary', { headers: { 'content-type': 'multipart/mixed' }, body: '--B--' }, 400, -123],
    [
      'an empty part, as the Python SDK sends it',
      multipart('form-data', [['Content-Disposition: form-data; ', '']]),
      400,
      -123,
    ],
    ['an empty part of a type', multipart('mixed', [['Content-Type: text/plain', '']]), 400, -123],
    ['a part of no type', multipart('mixed', [['X: 1', 'hello']]), 400, -1004],
    [
      'a part of a bad type',
      multipart('mixed', [
        ['Content-Type: text/plain', 'a'],
        ['Content-Type: x/y', 'b'],
      ]),
      415,
      -123,
    ],
    ['more than 20 MiB', { headers: text, body: Buffer.alloc(20 * 2 ** 20 + 1) }, 413, -1063],
  ] as const)('%s are refused', async (_, asked, status, code) => {
    const answer = await send(asked as RestRequest);
    expect(answer).toMatchObject({ status, type: 'text/json', json: { code, moreInfo: null } });
    await noFaxes();
    expect(await server.host.engine.list({ states: ['open', 'sealed', 'finished'] })).toEqual([]);
  });

  test('together have 20 MiB at most, also those that were uploaded', async () => {
    const path = await readyDocument(server, Buffer.alloc(2 ** 20, 'x'), { more: '&disposition=multiuse' });
    const part = [`Content-Location: ${path}`, ''] as const;
    expect((await send(multipart('mixed', Array(20).fill(part)))).status).toBe(201);
    const answer = await send(multipart('mixed', [...Array(20).fill(part), ['Content-Type: text/plain', 'x']]));
    expect(answer).toMatchObject({ status: 413, json: { code: -1063 } });
  });

  test('that are cut off are no fax', async () => {
    const head =
      `POST ${to} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${Buffer.from('alice:secret').toString('base64')}\r\n` +
      'Content-Type: multipart/mixed; boundary=B\r\nContent-Length: 42\r\nConnection: close\r\n\r\n';
    const said = await exchangeBytes(
      server.port,
      Buffer.from(`${head}--B\r\nContent-Type: text/plain\r\n\r\nhello\r\n--B`),
    );
    expect(said.toString()).toMatch(/^HTTP\/1\.1 4\d\d /);
    await noFaxes();
  });
});

describe('what is said of a fax', () => {
  test('is kept, and shown', async () => {
    const query =
      '&contact=Zo%C3%AB&csid=12345678901234567890X&pageHeader=N&reference=R-1&replyAddress=a%40b.example&pageSize=LETTER' +
      '&fitToPage=noscale&pageOrientation=landscape&resolution=Fine&rendering=greyscale&retriesToPerform=5&unknown=1';
    const { location } = await send({ headers: text, body: 'hello' }, query);
    expect(await faxAt(location)).toMatchObject({
      recipient: { number: '00442079460123', contact: 'Zoë' },
      settings: { fitToPage: false, attempts: 5, csid: '12345678901234567890' },
    });
    const { json, type } = await rest(server, 'GET', '/outbound/faxes/1');
    expect(type).toBe('text/json');
    expect(Object.entries(json as object)).toEqual(
      Object.entries({
        submitTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
        contact: 'Zoë',
        destinationFax: '00442079460123',
        replyEmail: 'a@b.example',
        subject: 'R-1',
        pagesSubmitted: 0,
        senderCSID: '12345678901234567890',
        attemptsToPerform: 5,
        pageSize: 'Letter',
        resolution: 'Fine',
        pageResolution: 'Fine',
        pageOrientation: 'Landscape',
        rendering: 'Fine',
        pageHeader: '',
        userId: 'alice',
        pagesSent: 0,
        completionTime: '0001-01-01T00:00:00',
        remoteCSID: '',
        duration: 0,
        priority: 2,
        units: 0,
        costPerUnit: 0,
        attemptsMade: 0,
        id: 1,
        uri: location,
        status: -1,
      }),
    );
  });

  test.each([
    ['greyscale', 'Greyscale'],
    ['grayscale', 'Greyscale'],
    ['bw', 'BlackAndWhite'],
    ['blackandwhite', 'BlackAndWhite'],
  ])('rendering %s', async (said, rendering) => {
    const { location } = await send({ headers: text, body: 'hello' }, `&rendering=${said}`);
    expect((await faxAt(location)).settings).toMatchObject({ rendering });
  });

  test('postpones it, 30 days at most', async () => {
    const at = (days: number) => new Date(server.clock.now() + days * 86_400_000).toISOString();
    const postponed = async (moment: string) => {
      const answer = await send({ headers: text, body: 'hello' }, `&postponeTime=${encodeURIComponent(moment)}`);
      return answer.status === 201 ? (await faxAt(answer.location)).postponedTo : answer.json;
    };
    expect(await postponed(at(29))).toBe(Date.parse(at(29)));
    // Without a zone it is GMT.
    expect(await postponed(at(1).slice(0, 19))).toBe(Date.parse(`${at(1).slice(0, 19)}Z`));
    expect(await postponed('2000-01-01')).toBeNull();
    expect(await postponed(at(31))).toMatchObject({ code: -114 });
    expect(await postponed('tomorrow')).toMatchObject({ code: -114 });
  });

  test.each(['', '?faxNumber=', '?faxNumber=abc', '?faxNumber=0044123456789;0044123456780', '?faxNumber=list%3Dall'])(
    'must name one recipient: %s',
    async (query) => {
      const answer = await rest(server, 'POST', `/outbound/faxes${query}`, { headers: text, body: 'hello' });
      expect(answer).toMatchObject({ status: 400, json: { code: -112 } });
      await noFaxes();
    },
  );
});

describe('faxes afterwards', () => {
  const fax = (query = '', who = 'alice') => send({ who, headers: text, body: 'hello' }, query);
  const ids = async (path: string, who = 'alice') => {
    const { json, status } = await rest(server, 'GET', path, { who });
    return status === 200 ? (json as { id: number }[]).map(({ id }) => id) : status;
  };

  test('are listed, in either order, by pages', async () => {
    for (const _ of [1, 2, 3]) await fax();
    await fax('', 'bob');
    await rest(
      server,
      'POST',
      `/outbound/batches?list=${encodeURIComponent('[{"faxNumber":"00441234567"},{"faxNumber":"00441234568"}]')}`,
      {
        headers: text,
        body: 'x',
      },
    );
    expect(await ids('/outbound/faxes?')).toEqual([3, 2, 1]);
    expect(await ids('/outbound/faxes?limit=2')).toEqual([3, 2]);
    expect(await ids('/outbound/faxes?lastId=2')).toEqual([1]);
    expect(await ids('/outbound/faxes?sortOrder=asc&limit=2')).toEqual([1, 2]);
    expect(await ids('/outbound/faxes?sortOrder=asc&lastId=2')).toEqual([3]);
    expect(await ids('/outbound/faxes?userId=bob')).toBe(403);
    expect(await ids('/outbound/faxes?userId=bob', 'root')).toEqual([4]);
  });

  test('are searched', async () => {
    const start = server.clock.now();
    await fax('&reference=one');
    server.clock.advance(10_000);
    await fax('&reference=two');
    await rest(server, 'POST', '/outbound/faxes/1/cancel');
    const moment = encodeURIComponent(new Date(start + 5000).toISOString().slice(0, 19));
    expect(await ids('/outbound/search')).toEqual([2, 1]);
    expect(await ids('/outbound/search?ids=1,7')).toEqual([1]);
    expect(await ids('/outbound/search?reference=TWO')).toEqual([2]);
    expect(await ids(`/outbound/search?dateFrom=${moment}`)).toEqual([2]);
    expect(await ids(`/outbound/search?dateTo=${moment}`)).toEqual([1]);
    expect(await ids('/outbound/search?status=failed')).toEqual([1]);
    expect(await ids('/outbound/search?status=InProcess')).toEqual([2]);
    expect(await ids('/outbound/search?status=403')).toEqual([1]);
    expect(await ids('/outbound/search?status=Completed')).toEqual([]);
    expect(await ids('/outbound/search?faxNumber=%2B44%2020%207946%200123')).toEqual([2, 1]);
    expect(await ids('/outbound/search?limit=1&offset=1')).toEqual([1]);
    for (const query of ['ids=a', 'status=odd', 'dateFrom=never'])
      expect(await rest(server, 'GET', `/outbound/search?${query}`)).toMatchObject({
        status: 400,
        json: { code: -1030 },
      });
  });

  test('that are over are told of in short', async () => {
    await fax();
    await fax();
    await rest(server, 'POST', '/outbound/faxes/1/cancel');
    const { json } = await rest(server, 'GET', '/outbound/faxes/completed?ids=1,2,3');
    expect(json).toEqual([
      {
        userId: 'alice',
        pagesSent: 0,
        completionTime: expect.stringMatching(/^2/),
        remoteCSID: '',
        duration: 0,
        priority: 2,
        units: 0,
        costPerUnit: 0,
        attemptsMade: 0,
        id: 1,
        uri: `${server.url}/outbound/faxes/1`,
        status: 403,
      },
    ]);
    expect(await rest(server, 'GET', '/outbound/faxes/completed')).toMatchObject({ status: 400 });
  });

  test('are cancelled, hidden, and sent again', async () => {
    await fax('&contact=Ann');
    const again = await rest(server, 'POST', '/outbound/faxes/1/resend');
    expect(again).toMatchObject({ status: 201, location: `${server.url}/outbound/faxes/2`, body: '' });
    expect(await documentsOf(again.location)).toEqual(['txt: hello']);
    const other = await rest(server, 'POST', '/outbound/faxes/1/resend?faxNumber=0049301234567');
    expect((await faxAt(other.location)).recipient).toEqual({ number: '0049301234567', contact: 'Ann' });
    expect(await rest(server, 'POST', '/outbound/faxes/1/cancel')).toMatchObject({
      status: 200,
      body: '',
      location: null,
    });
    expect(await rest(server, 'POST', '/outbound/faxes/1/cancel')).toMatchObject({ status: 404 });
    expect(await rest(server, 'POST', '/outbound/faxes/1/hide')).toMatchObject({ status: 200, body: '' });
    expect(await ids('/outbound/faxes')).toEqual([3, 2]);
    expect(await rest(server, 'POST', '/outbound/faxes/1/resend?faxNumber=x')).toMatchObject({
      status: 400,
      json: { code: -112 },
    });
  });

  test('that there are not, or are somebody else’s', async () => {
    await fax();
    const no = {
      status: 404,
      type: 'text/json',
      body: '{"code":-1005,"message":"Fax resource not found","moreInfo":null}',
    };
    for (const id of ['2', '0', '-1', 'x', '99999999999999999999'])
      expect(await rest(server, 'GET', `/outbound/faxes/${id}`)).toMatchObject(no);
    for (const [method, path] of [
      ['GET', '/image'],
      ['POST', '/cancel'],
      ['POST', '/resend'],
      ['POST', '/hide'],
    ] as const) {
      expect(await rest(server, method, `/outbound/faxes/2${path}`)).toMatchObject(no);
      const stranger = await rest(server, method, `/outbound/faxes/1${path}`, { who: 'bob' });
      expect(stranger).toMatchObject({ status: 403, json: { code: -311 } });
    }
    expect(await rest(server, 'GET', '/outbound/faxes/1/image')).toMatchObject({ status: 404, json: { code: -1009 } });
  });
});

describe('batches', () => {
  const batch = (list: string) =>
    rest(server, 'POST', `/outbound/batches?reference=b&list=${encodeURIComponent(list)}`, {
      headers: text,
      body: 'hello',
    });

  test.each([
    ['JSON', '[{"faxNumber":"0016854785200","contact":"Erik"},{"FaxNumber":"+1 847 575-2000","Contact":"Karina"}]'],
    [
      'XML',
      '<ArrayOfDestination>\n<Destination><faxNumber>0016854785200</faxNumber><contact>Erik</contact></Destination>' +
        '<Destination><faxNumber>+1 847 575-2000</faxNumber><contact>Karina</contact></Destination></ArrayOfDestination>',
    ],
  ])('to those of a list in %s', async (_, list) => {
    const { status, location } = await batch(list);
    expect({ status, location }).toEqual({ status: 201, location: `${server.url}/outbound/batches/1` });
    const { json: children } = await rest(server, 'GET', '/outbound/batches/1/children');
    expect(children).toMatchObject([
      { id: 1, status: -1 },
      { id: 2, status: -1 },
    ]);
    expect(await faxAt('/2')).toMatchObject({ parent: 1, recipient: { number: '0018475752000', contact: 'Karina' } });
    const { json } = await rest(server, 'GET', '/outbound/batches');
    expect(json).toMatchObject([{ batchHeadId: 1, userId: 'alice', numOfTransactions: 2, reference: 'b' }]);
    expect((await rest(server, 'POST', '/outbound/batches/1/cancel')).status).toBe(200);
    expect((await rest(server, 'GET', '/outbound/faxes/2')).json).toMatchObject({ status: 403 });
    expect((await rest(server, 'POST', '/outbound/batches/1/hide')).status).toBe(200);
    expect((await rest(server, 'GET', '/outbound/batches')).json).toEqual([]);
  });

  test.each([
    '',
    'Customers',
    '[]',
    '{}',
    '[1]',
    '[{"faxNumber":"x"}]',
    '[{"faxNumber":"00441234567;00441234568"}]',
    '<a',
    '<a/>',
  ])('need recipients: %s', async (list) => {
    expect(await batch(list)).toMatchObject({ status: 400, json: { code: -112 } });
    await noFaxes();
  });

  test('of others are none of ours', async () => {
    await batch('[{"faxNumber":"00441234567"},{"faxNumber":"00441234568"}]');
    for (const id of [2, 3]) expect((await rest(server, 'GET', `/outbound/batches/${id}/children`)).status).toBe(404);
    expect((await rest(server, 'GET', '/outbound/batches/1/children', { who: 'bob' })).status).toBe(403);
  });
});

describe('around it', () => {
  test('media types and balance', async () => {
    const { json, type } = await rest(server, 'GET', '/outbound/help/mediatype');
    expect(type).toBe('text/json');
    expect(json).toContainEqual({ MediaType: 'application/pdf', FileType: 'pdf' });
    expect(json).not.toContainEqual({ MediaType: 'application/zip', FileType: 'zip' });
    expect(await rest(server, 'GET', '/accounts/self/ppcards/balance')).toMatchObject({
      status: 200,
      type: 'text/json',
      body: expect.stringMatching(/^\d+\.\d{4}$/),
    });
  });

  test('JSON is text/json, whatever was accepted; nothing that was not created has a Location', async () => {
    for (const accept of ['application/json', '*/*', 'text/xml']) {
      const answer = await rest(server, 'GET', '/outbound/faxes?', { headers: { accept } });
      expect(answer).toMatchObject({ status: 200, type: 'text/json', location: null, json: [] });
    }
  });

  test('a polling limit', async () => {
    await restart({ pollsPerMinute: 1 });
    await send({ headers: text, body: 'hello' });
    expect((await rest(server, 'GET', '/outbound/faxes/1')).status).toBe(200);
    expect(await rest(server, 'GET', '/outbound/faxes/1')).toMatchObject({ status: 429, json: { code: -1011 } });
  });
});
