import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inforouter } from '../../src/dialects/inforouter/dialect.js';
import { defaultsOf } from '../../src/kit/options.js';
import type { Server } from '../memory-server.js';
import { allWays, call, logIn, problem, serveInfoRouter, ways } from './calls.js';

let server: Server;

beforeEach(async () => {
  server = await serveInfoRouter();
});

afterEach(() => server.close());

const day = 24 * 60 * 60 * 1000;
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const profile = {
  success: 'true',
  userid: expect.stringMatching(/^[1-9]\d*$/),
  username: 'alice',
  firstName: 'alice',
  lastName: '',
  fullname: 'alice',
  email: '',
  isAuthenticated: 'True',
};
const ended = problem(4010, expect.stringMatching(/^\[901\]/));
const is = async (ticket: string) => (await call(server, 'isValidTicket', { AuthenticationTicket: ticket })).attributes;

describe('a login', () => {
  test.each(allWays)('answers a ticket: %s', async (way) => {
    const { status, attributes, type } = await call(server, 'AuthenticateUser', { UID: 'ALICE', PWD: 'secret' }, way);
    expect(status).toBe(200);
    expect(type).toBe('text/xml; charset=utf-8');
    expect(attributes).toEqual({ ...profile, ticket: expect.stringMatching(guid), expireOn: '2026-01-31T00:00:00Z' });
  });

  test('is in no namespace in SOAP, and bare in a form', async () => {
    const { body } = await call(server, 'AuthenticateUser1', { UID: 'alice', PWD: 'no', Lang: 'en' });
    expect(body).toContain('<AuthenticateUser1Result><response success="false"');
    expect(body).toMatch(/<response [^>]*xmlns=""/);
    const { body: bare } = await call(server, 'AuthenticateUser', { UID: 'alice', PWD: 'no' }, 'get');
    expect(bare).toMatch(/^<\?xml version="1.0" encoding="utf-8"\?><response success="false"[^>]* \/>$/);
    expect(bare).not.toContain('xmlns');
  });

  test('with a wrong password or name is refused, with HTTP 200', async () => {
    for (const UID of ['alice', 'nobody', '', 'a/b']) {
      const { status, attributes } = await call(server, 'AuthenticateUser', { UID, PWD: 'wrong' });
      expect(status).toBe(200);
      expect(attributes).toEqual(problem(4010, '[900] Authentication failed'));
    }
    expect((await call(server, 'AuthenticateUserViaWindows')).attributes.success).toBe('false');
  });

  test('takes names of parameters and operations in any case, at any address', async () => {
    const login = 'uid=alice&Pwd=secret';
    for (const path of [
      '/srv.asmx/AuthenticateUser',
      '/infoRouter/srv.asmx/authenticateuser',
      '/A/b/SRV.ASMX/AuthenticateUser',
    ])
      expect(await (await fetch(`${server.url}${path}?${login}`)).text()).toContain('success="true"');
  });
});

describe('a ticket', () => {
  test('ends after 30 days without a successful call', async () => {
    const { ticket, call: calls } = await logIn(server);
    server.clock.advance(29 * day);
    expect((await calls('getApplicationParameters')).success).toBe('true');
    expect((await is(ticket)).expireOn).toBe('2026-03-01T00:00:00Z');
    server.clock.advance(30 * day - 1);
    expect((await is(ticket)).success).toBe('true');
    server.clock.advance(1);
    expect(await is(ticket)).toEqual(ended);
    expect(await calls('getApplicationParameters')).toEqual(ended);
  });

  test('is not prolonged by a look at it, nor by calls that fail', async () => {
    const { ticket, call: calls } = await logIn(server);
    server.clock.advance(10 * day);
    expect(await is(ticket)).toEqual({ ...profile, expireOn: '2026-01-31T00:00:00Z' });
    await calls('UploadDocument', { Path: '/nowhere/a.txt', FileContent: Buffer.from('a') });
    expect((await is(ticket)).expireOn).toBe('2026-01-31T00:00:00Z');
  });

  test.each(['', 'x', '00000000-0000-0000-0000-000000000000'])(
    'that is none is refused: %j',
    async (AuthenticationTicket) => {
      for (const way of allWays)
        expect(
          (await call(server, 'CreateUploadHandler', { AuthenticationTicket, PreferedChunkSize: 0 }, way)).attributes,
        ).toEqual(ended);
      expect(await is(AuthenticationTicket)).toEqual(ended);
    },
  );

  test('ends by LogOut, alone', async () => {
    const [one, two] = [await logIn(server), await logIn(server)];
    expect(one.ticket).not.toBe(two.ticket);
    expect(await one.call('LogOut')).toEqual({ success: 'true' });
    expect(await is(one.ticket)).toEqual(ended);
    expect((await is(two.ticket)).success).toBe('true');
    expect(await one.call('LogOut')).toEqual(ended);
  });

  test('comes in a cookie where the parameter is absent, to those that take it so', async () => {
    const { ticket } = await logIn(server);
    const headers = { cookie: `a=b; ticket=${ticket}; c=d` };
    const ask = async (operation: string) => (await fetch(`${server.url}/srv.asmx/${operation}`, { headers })).text();
    expect(await ask('isValidTicket')).toContain('username="alice"');
    expect(await ask('getApplicationParameters')).toContain('[901]');
    expect(await ask('RenewTicket?UID=alice&PWD=secret&Lang=')).toContain(`ticket="${ticket}"`);
    expect(await ask('LogOut')).toContain('success="true"');
    expect(await is(ticket)).toEqual(ended);
  });

  test('ends with its account, and is not that of another of its name', async () => {
    const { ticket } = await logIn(server);
    await server.host.accounts.remove('alice');
    expect(await is(ticket)).toEqual(ended);
    server.clock.advance(1);
    await server.host.accounts.add({ name: 'alice', password: 'other' });
    expect(await is(ticket)).toEqual(ended);
  });

  test('ends with its password', async () => {
    const { ticket } = await logIn(server);
    await server.host.accounts.setPassword('alice', 'other');
    expect(await is(ticket)).toEqual(ended);
  });

  test('is not in what the ledger holds, nor is its password; overdue ones are swept away', async () => {
    const { ticket } = await logIn(server);
    const dump = async () =>
      JSON.stringify(await server.host.ledger.read((facts) => facts.list({ prefix: 'inforouter/ticket' })));
    expect(await dump()).toContain('alice');
    expect(await dump()).not.toContain(ticket);
    expect(await dump()).not.toContain(ticket.replaceAll('-', ''));
    const sweep = async () => {
      for (const each of (await inforouter.load()).sweeps?.(server.host, defaultsOf(inforouter.options)) ?? [])
        await each.run(new AbortController().signal);
    };
    server.clock.advance(20 * day);
    await call(server, 'getApplicationParameters', { AuthenticationTicket: ticket });
    server.clock.advance(20 * day);
    await sweep();
    expect((await is(ticket)).success).toBe('true');
    server.clock.advance(30 * day);
    await sweep();
    expect(await dump()).toBe('[]');
  });
});

describe('RenewTicket', () => {
  const renew = async (OldTicket: string, PWD = 'secret', UID = 'alice') =>
    (await call(server, 'RenewTicket', { UID, PWD, Lang: '', OldTicket })).attributes;

  test('keeps a ticket that is valid, and issues another where it is not', async () => {
    const { ticket } = await logIn(server);
    server.clock.advance(day);
    expect(await renew(ticket)).toEqual({ ...profile, ticket, expireOn: '2026-02-01T00:00:00Z' });
    server.clock.advance(30 * day);
    const other = (await renew(ticket)).ticket ?? '';
    expect(other).toMatch(guid);
    expect(other).not.toBe(ticket);
    expect((await is(other)).success).toBe('true');
    expect((await renew('')).ticket).toMatch(guid);
  });

  test('judges the form of the ticket before the password, and the password always', async () => {
    const { ticket } = await logIn(server);
    expect(await renew('not a guid', 'wrong')).toEqual(problem(4000, 'invalid ticket format'));
    expect(await renew(ticket, 'wrong')).toEqual(problem(4010, '[900] Authentication failed'));
  });

  test('does not give a stranger’s ticket away', async () => {
    const { ticket } = await logIn(server);
    expect((await renew(ticket, 'secret', 'bob')).ticket).not.toBe(ticket);
  });
});

describe('CreateTicketforUser', () => {
  const create = async (TrustedUserPwd: string, UserName: string) =>
    (await call(server, 'CreateTicketforUser', { TrustedUserPwd, UserName })).attributes;

  test('is off unless an account is trusted', async () => {
    expect(await create('secret', 'bob')).toEqual(problem(4010, expect.stringMatching(/^\[902\]/)));
  });

  test('answers nothing but a ticket; for nobody without the password, for no administrator', async () => {
    await server.close();
    server = await serveInfoRouter({ trustedUser: 'alice' });
    const made = await create('secret', 'Bob');
    expect(made).toEqual({ success: 'true', ticket: expect.stringMatching(guid) });
    expect((await is(made.ticket ?? '')).username).toBe('bob');
    expect(await create('wrong', 'bob')).toEqual(problem(4010, '[900] Authentication failed'));
    expect(await create('secret', 'nobody')).toEqual(problem(4010, '[900] Authentication failed'));
    expect(await create('secret', 'root')).toEqual(problem(4010, expect.stringMatching(/^\[902\]/)));
  });
});

describe('the server', () => {
  test('tells about itself without a ticket', async () => {
    expect((await call(server, 'ServerInfo', {}, 'get')).attributes).toEqual({
      success: 'true',
      VersionNumber: '8.7.0.0',
      Server_date_time: '2026-01-01T00:00:00',
      Coordinated_Universal_Time: '2026-01-01T00:00:00Z',
      UTC_Offset: '0',
      Company: '',
      ServerName: '127.0.0.1',
      LicenseCount: '',
      SubscriptionEndDate: '',
      WindowsAuthenticationIsOn: 'false',
      WorkflowIsOn: 'false',
      AnonymousAccessIsOn: 'false',
      ComplianceModuleIsOn: 'false',
    });
  });

  test('tells its parameters', async () => {
    const { ticket } = await logIn(server);
    const { body } = await call(server, 'getApplicationParameters', { AuthenticationTicket: ticket });
    expect(body).toContain('<FILEUPLOADLIMIT>1072693248</FILEUPLOADLIMIT>');
  });

  test('shows its WSDL, its discovery document and its pages, with the address that was asked', async () => {
    const show = async (path: string) => {
      const reply = await fetch(`${server.url}${path}`);
      return { type: reply.headers.get('content-type'), text: await reply.text() };
    };
    for (const path of ['/srv.asmx?WSDL', '/infoRouter/Srv.asmx?wsdl']) {
      const { type, text } = await show(path);
      expect(type).toBe('text/xml; charset=utf-8');
      expect(text).toContain(`location="${server.url}${path.slice(0, path.toLowerCase().indexOf('/srv'))}/srv.asmx"`);
      expect(text).toContain('name="UploadNewDocumentWidthHandler"');
      expect(text).toContain('targetNamespace="http://tempuri.org/"');
    }
    expect((await show('/x/srv.asmx?disco')).text).toContain(`ref="${server.url}/x/srv.asmx?wsdl"`);
    expect((await show('/srv.asmx?op=isValidTicket')).text).not.toContain('CreateUploadHandler');
    expect((await show('/srv.asmx')).text).toContain('CreateUploadHandler');
  });

  test('says no in the words of ASP.NET to what is no call', async () => {
    const soap = await ways.soap(server.url, 'NoSuchThing', {});
    expect(soap.status).toBe(500);
    expect(await soap.text()).toContain(
      '<faultcode>soap:Client</faultcode><faultstring>Server did not recognize the value of HTTP Header SOAPAction: http://tempuri.org/NoSuchThing.</faultstring><detail />',
    );
    const form = await ways.get(server.url, 'NoSuchThing', {});
    expect([form.status, form.headers.get('content-type'), await form.text()]).toEqual([
      500,
      'text/plain; charset=utf-8',
      'NoSuchThing Web Service method name is not valid.',
    ]);
    const bad = await ways.soap(server.url, 'CreateUploadHandler', { PreferedChunkSize: 'many' });
    expect([bad.status, (await bad.text()).includes('Server was unable to read request. ---&gt;')]).toEqual([
      500,
      true,
    ]);
    const headers = { 'content-type': 'text/xml', soapaction: '"http://tempuri.org/LogOut"' };
    const broken = await fetch(`${server.url}/srv.asmx`, { method: 'POST', headers, body: '<a' });
    expect([broken.status, await broken.text()]).toEqual([400, '']);
    const other = await fetch(`${server.url}/srv.asmx`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: 'a',
    });
    expect([other.status, await other.text()]).toEqual([415, '']);
  });
});
