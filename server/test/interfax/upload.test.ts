import { describe, expect, test } from 'vitest';
import {
  alice,
  by,
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

const minute = 60_000;
const MiB = 2 ** 20;

describe('StartFileUpload', () => {
  test('answers 0 and a session id of two GUIDs without hyphens', async () => {
    const { status, type, body, values } = await call(server, 'StartFileUpload', alice);
    const id = values.SessionID ?? '';
    expect(id).toMatch(/^([0-9A-F]{12}4[0-9A-F]{3}[89AB][0-9A-F]{15}){2}$/);
    expect({ status, type }).toEqual({ status: 200, type: 'text/xml; charset=utf-8' });
    expect(body).toBe(
      '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" ' +
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>' +
        '<StartFileUploadResponse xmlns="http://www.interfax.cc"><StartFileUploadResult>0</StartFileUploadResult>' +
        `<SessionID>${id}</SessionID></StartFileUploadResponse></soap:Body></soap:Envelope>`,
    );
    expect(await startSession(server)).not.toBe(id);
  });

  test('answers a wrong password with -1003 alone', async () => {
    const { status, body } = await call(server, 'StartFileUpload', { Username: 'alice', Password: 'wrong' });
    expect(status).toBe(200);
    expect(body).toContain(
      '<StartFileUploadResponse xmlns="http://www.interfax.cc"><StartFileUploadResult>-1003</StartFileUploadResult></StartFileUploadResponse>',
    );
    expect(await number(server, 'StartFileUpload')).toBe(-1003);
  });

  test('answers those who may not upload with -677', async () => {
    expect(await number(server, 'StartFileUpload', by('victor'))).toBe(-677);
  });

  test('takes no notice of a session id that is sent', async () => {
    const { values } = await call(server, 'StartFileUpload', { ...alice, SessionID: unknownSession });
    expect(values.SessionID).toHaveLength(64);
    expect(values.SessionID).not.toBe(unknownSession);
  });

  test('its id is told to nobody else: neither the ledger nor the engine know it', async () => {
    const id = await startSession(server);
    const facts = await server.host.ledger.read((all) => all.list({ prefix: ' ' }));
    const everything = await server.host.ledger.read((all) => all.list({ prefix: 'upload' }));
    expect(everything.length).toBeGreaterThan(0);
    expect(JSON.stringify([facts, everything]).toUpperCase()).not.toContain(id);
  });
});

describe('UploadFileChunk', () => {
  test('answers the total so far; the last closes the session', async () => {
    const session = await startSession(server);
    expect(await chunk(server, session, 'x'.repeat(40_960))).toBe(40_960);
    expect(await chunk(server, session, 'y'.repeat(27_742), true)).toBe(68_702);
    expect(await chunk(server, session, 'z')).toBe(-1062);
    expect(await chunk(server, session, 'z', true)).toBe(-1062);
  });

  test('is read in any order, with any prefixes, and with what nobody asked for (§13, 2)', async () => {
    const session = await startSession(server);
    const body = (last: string) =>
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="http://www.interfax.cc" xmlns:b="http://www.interfax.cc">' +
      '<e:Header/><e:Body><a:UploadFileChunk><b:Username>x</b:Username><a:Chunk>JVBE\nRg==\n</a:Chunk>' +
      `<a:IsLast>${last}</a:IsLast><a:SessionID>${session}</a:SessionID></a:UploadFileChunk></e:Body></e:Envelope>`;
    const send = async (last: string) => (await post(server, body(last))).values.UploadFileChunkResult;
    expect(await send('0')).toBe('4');
    expect(await send('1')).toBe('8');
    expect(await send('1')).toBe('-1062');
  });

  test('takes a session id in any letter case, without blanks around it', async () => {
    const session = await startSession(server);
    expect(await chunk(server, session.toLowerCase(), 'abc')).toBe(3);
    expect(await chunk(server, ` ${session}\n`, 'abc')).toBe(6);
    expect(await chunk(server, session.slice(0, 63), 'abc')).toBe(-1062);
  });

  test('refuses what is no session, no chunk, no base64, no boolean, no message (§13, 3)', async () => {
    const session = await startSession(server);
    const send = (inside: string) =>
      post(server, envelope(`<UploadFileChunk xmlns="http://www.interfax.cc">${inside}</UploadFileChunk>`));
    const id = `<SessionID>${session}</SessionID>`;
    const result = async (inside: string) => (await send(inside)).values.UploadFileChunkResult;
    expect(await result(`${id}<Chunk/>`)).toBe('-1061');
    expect(await result(id)).toBe('-1061');
    expect(await result(`${id}<Chunk></Chunk><IsLast>true</IsLast>`)).toBe('-1061');
    expect(await result(`${id}<Chunk xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>`)).toBe(
      '-1061',
    );
    // The session goes before the chunk.
    expect(await result('<Chunk/>')).toBe('-1062');
    expect(await result(`<SessionID>${unknownSession}</SessionID><Chunk>YQ==</Chunk>`)).toBe('-1062');
    expect(await send(`${id}<Chunk>%%%</Chunk>`)).toMatchObject({ status: 400, body: '' });
    expect(await send(`${id}<Chunk>YWJj*</Chunk>`)).toMatchObject({ status: 400, body: '' });
    const maybe = await send(`${id}<Chunk>YWJj</Chunk><IsLast>maybe</IsLast>`);
    expect(maybe).toMatchObject({ status: 500, type: 'text/xml; charset=utf-8' });
    expect(maybe.body).toContain('<faultcode>soap:Client</faultcode>');
    const whole = envelope(callElement('UploadFileChunk', { SessionID: session, Chunk: Buffer.from('abcdef') }));
    expect(await post(server, whole.slice(0, whole.indexOf('</Chunk>') - 2))).toMatchObject({ status: 400, body: '' });
    expect(await chunk(server, session, 'abc')).toBe(3);
  });

  test('takes base64 with blanks anywhere, and without its padding', async () => {
    const session = await startSession(server);
    const send = (Chunk: string) => number(server, 'UploadFileChunk', { SessionID: session, Chunk });
    expect(await send(' Y W\tJ\r\nj ')).toBe(3);
    expect(await send('YQ')).toBe(4);
  });

  test('takes 3 MiB with line breaks, as Ruby sends it; a byte more is -1063 and harms nothing', async () => {
    const session = await startSession(server);
    const whole = Buffer.alloc(3 * MiB, 'a')
      .toString('base64')
      .replace(/.{60}/g, '$&\n');
    expect(await number(server, 'UploadFileChunk', { SessionID: session, Chunk: whole })).toBe(3 * MiB);
    expect(await chunk(server, session, Buffer.alloc(3 * MiB + 1))).toBe(-1063);
    expect(await chunk(server, session, Buffer.alloc(3 * MiB + 1), true)).toBe(-1063);
    expect(await chunk(server, session, 'abc')).toBe(3 * MiB + 3);
  });

  test('takes 20 MiB in all; a byte more is -1063, and the session stays as it was', async () => {
    const session = await startSession(server);
    const part = Buffer.alloc(3 * MiB - 1, 'b');
    for (let n = 1; n <= 6; n += 1) expect(await chunk(server, session, part)).toBe(n * part.length);
    const rest = 20 * MiB - 6 * part.length;
    expect(await chunk(server, session, Buffer.alloc(rest + 1))).toBe(-1063);
    expect(await chunk(server, session, Buffer.alloc(rest + 1), true)).toBe(-1063);
    expect(await chunk(server, session, Buffer.alloc(rest))).toBe(20 * MiB);
    expect(await chunk(server, session, 'c')).toBe(-1063);
    expect(await chunk(server, session, 'c', true)).toBe(-1063);
  });

  test('a request beyond what the host takes is a fault of the server', async () => {
    const session = await startSession(server);
    const reply = await call(server, 'UploadFileChunk', { SessionID: session, Chunk: Buffer.alloc(4 * MiB) });
    expect(reply.status).toBe(500);
    expect(reply.body).toContain('<faultcode>soap:Server</faultcode><faultstring>Maximum request length exceeded.');
    expect(await chunk(server, session, 'abc')).toBe(3);
  });

  test('keeps a session alive for an hour from its last chunk', async () => {
    const session = await startSession(server);
    server.clock.advance(59 * minute);
    expect(await chunk(server, session, 'a')).toBe(1);
    server.clock.advance(59 * minute);
    expect(await chunk(server, session, 'b')).toBe(2);
    server.clock.advance(60 * minute);
    expect(await chunk(server, session, 'c')).toBe(-1062);
  });

  test('chunks that come at once are each there, whole', async () => {
    const session = await startSession(server);
    const totals = await Promise.all(['a', 'b', 'c', 'd'].map((each) => chunk(server, session, each.repeat(1000))));
    expect(totals.toSorted((one, other) => one - other)).toEqual([1000, 2000, 3000, 4000]);
  });

  test('one that equals the one before is counted again, and a warning is logged', async () => {
    const warnings: object[] = [];
    const hear = { debug: () => undefined, info: () => undefined, error: () => undefined };
    const other = await serveInterfax({}, { log: { ...hear, warn: (facts) => warnings.push(facts) } });
    try {
      const session = await startSession(other);
      expect(await chunk(other, session, 'abc')).toBe(3);
      expect(await chunk(other, session, 'abd')).toBe(6);
      expect(await chunk(other, session, 'abc')).toBe(9);
      expect(warnings).toEqual([]);
      expect(await chunk(other, session, 'abc')).toBe(12);
      expect(warnings).toEqual([{ upload: expect.any(String), bytes: 3, total: 12 }]);
      expect(JSON.stringify(warnings).toUpperCase()).not.toContain(session);
      expect(await chunk(other, session, 'abc', true)).toBe(15);
      expect(warnings).toHaveLength(2);
    } finally {
      await other.close();
    }
  });

  test('that the server has no room for is its own fault: -150, and the session stays', async () => {
    const full = await serveInterfax({}, { room: 100 });
    try {
      const session = await startSession(full);
      expect(await chunk(full, session, 'a'.repeat(90))).toBe(90);
      expect(await chunk(full, session, 'b'.repeat(90))).toBe(-150);
      expect(await chunk(full, session, 'c')).toBe(91);
    } finally {
      await full.close();
    }
  });

  test('is not for sessions of other kinds: an upload’s own id opens nothing', async () => {
    const session = await startSession(server);
    await chunk(server, session, 'abc');
    for (const { id } of await server.host.engine.list()) expect(await chunk(server, id, 'x')).toBe(-1062);
  });
});

describe('CancelFileUpload', () => {
  const cancel = (SessionID: string) => number(server, 'CancelFileUpload', { SessionID });

  test('ends an open session', async () => {
    const session = await startSession(server);
    await chunk(server, session, 'abc');
    expect(await cancel(session)).toBe(0);
    expect(await cancel(session)).toBe(-1062);
    expect(await chunk(server, session, 'abc')).toBe(-1062);
  });

  test('ends a closed session, and its bytes go', async () => {
    const session = await closedSession(server, 'abc');
    expect(await cancel(session)).toBe(0);
    expect(await cancel(session)).toBe(-1062);
    expect(await sendfax(server, { FileSizes: `3/sessionID=${session}` })).toBe(-1062);
    expect(await server.host.engine.list()).toEqual([]);
  });

  test('says yes where no session is named, misspelt or not, and does nothing (§13, 7)', async () => {
    const session = await startSession(server);
    expect(await number(server, 'CancelFileUpload', { SessionId: session })).toBe(0);
    expect(await cancel('')).toBe(0);
    expect(await number(server, 'CancelFileUpload')).toBe(0);
    expect(await chunk(server, session, 'abc')).toBe(3);
  });

  test('says -1062 of what is unknown, over or faxed', async () => {
    expect(await cancel(unknownSession)).toBe(-1062);
    const faxed = await closedSession(server, 'abc');
    expect(await sendfax(server, { FileSizes: `3/sessionID=${faxed}` })).toBeGreaterThan(0);
    expect(await cancel(faxed)).toBe(-1062);
    const [open, closed] = [await startSession(server), await closedSession(server, 'abc')];
    server.clock.advance(60 * minute);
    expect([await cancel(open), await cancel(closed)]).toEqual([-1062, -1062]);
  });
});
