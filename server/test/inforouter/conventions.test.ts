import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Server } from '../memory-server.js';
import { serveInfoRouter } from './calls.js';
import { type Desk, hex, openDesk, ticketOf } from './desk.js';
import { rows } from './operations.js';
import { responseOf, transports } from './transports.js';
import { childOf, onlyChild, readXml, type Xml } from './xml.js';

// What ASP.NET's web services do with calls, and with what is none (specs/inforouter.md §2).

let server: Server;
let endpoint: string;
let desk: Desk;

beforeAll(async () => {
  server = await serveInfoRouter();
  endpoint = `${server.url}/srv.asmx`;
  desk = await openDesk(endpoint, 'Conventions');
});
afterAll(() => server.close());

interface Said {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
}

const said = async (reply: Response): Promise<Said> => ({
  status: reply.status,
  type: reply.headers.get('content-type'),
  body: await reply.text(),
});

const post = async (body: string, headers: Record<string, string> = {}, path = '/srv.asmx'): Promise<Said> =>
  said(
    await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=utf-8', ...headers },
      body,
    }),
  );

const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const soap12 = 'http://www.w3.org/2003/05/soap-envelope';
const envelope = (inside: string, namespace = soap11) =>
  `<s:Envelope xmlns:s="${namespace}"><s:Body>${inside}</s:Body></s:Envelope>`;
const action = (operation: string) => ({ soapaction: `"http://tempuri.org/${operation}"` });
const twelve = (operation: string) => ({
  'content-type': `application/soap+xml; charset=utf-8; action="http://tempuri.org/${operation}"`,
});
const login = '<UID>alice</UID><PWD>secret</PWD>';
const yes = { status: 200, body: expect.stringContaining('<response success="true"') };

describe('a SOAP call', () => {
  const call = `<AuthenticateUser xmlns="http://tempuri.org/">${login}</AuthenticateUser>`;

  test('is routed by its SOAPAction, quoted or not, or by its body', async () => {
    const other = `<Whatever xmlns="http://tempuri.org/">${login}</Whatever>`;
    expect(await post(envelope(other), action('AuthenticateUser'))).toMatchObject(yes);
    expect(await post(envelope(other), { soapaction: 'http://tempuri.org/AuthenticateUser' })).toMatchObject(yes);
    expect(await post(envelope(other, soap12), twelve('AuthenticateUser'))).toMatchObject(yes);
    expect(await post(envelope(call))).toMatchObject(yes);
    expect(await post(envelope(call), { soapaction: '""' })).toMatchObject(yes);
    const plain = { 'content-type': 'application/soap+xml; charset=utf-8' };
    expect(await post(envelope(call, soap12), plain)).toMatchObject(yes);
  });

  test.each([
    `<tns:AuthenticateUser xmlns:tns="http://tempuri.org/"><tns:UID>alice</tns:UID><tns:PWD>secret</tns:PWD></tns:AuthenticateUser>`,
    `<ns0:AuthenticateUser xmlns:ns0="http://tempuri.org/"><ns0:UID>alice</ns0:UID><ns0:PWD>secret</ns0:PWD></ns0:AuthenticateUser>`,
    `<a:authenticateuser xmlns:a="urn:other"><b:uid xmlns:b="urn:b">alice</b:uid><pwd>secret</pwd></a:authenticateuser>`,
    `<AuthenticateUser><More><UID>x</UID></More>\n <PWD><![CDATA[secret]]></PWD><UID>al&#105;ce</UID></AuthenticateUser>`,
  ])('has any prefixes, and elements that nobody knows: %s', async (body) => {
    expect(await post(envelope(body), action('AuthenticateUser'))).toMatchObject(yes);
  });

  test('may leave everything out: strings are nothing, numbers are 0, booleans are false', async () => {
    const handler = await post(
      envelope(
        `<CreateUploadHandler><AuthenticationTicket>${desk.ticket}</AuthenticationTicket></CreateUploadHandler>`,
      ),
      action('CreateUploadHandler'),
    );
    expect(handler.body).toContain('ChunkSize="1048576"');
    const nobody = await post(envelope('<AuthenticateUser/>'), action('AuthenticateUser'));
    expect(nobody).toMatchObject({ status: 200, body: expect.stringContaining('[900] Authentication failed') });
  });

  test('is answered on Expect: 100-continue', async () => {
    const headers = { 'content-type': 'text/xml', expect: '100-continue', ...action('AuthenticateUser') };
    const sent = request(endpoint, { method: 'POST', headers, agent: false });
    sent.flushHeaders();
    await once(sent, 'continue');
    sent.end(envelope(call));
    const [reply] = await once(sent, 'response');
    expect(await text(reply)).toContain('success="true"');
  });
});

describe('what is no call', () => {
  const fault11 = ({ status, type, body }: Said) => {
    expect({ status, type }).toEqual({ status: 500, type: 'text/xml; charset=utf-8' });
    const fault = onlyChild(onlyChild(readXml(body)));
    expect([fault.name, fault.namespace]).toEqual(['Fault', soap11]);
    expect(fault.children.map(({ name, namespace }) => [name, namespace])).toEqual([
      ['faultcode', ''],
      ['faultstring', ''],
      ['detail', ''],
    ]);
    return { code: childOf(fault, 'faultcode').text, words: childOf(fault, 'faultstring').text };
  };
  const fault12 = ({ status, type, body }: Said) => {
    expect({ status, type }).toEqual({ status: 500, type: 'application/soap+xml; charset=utf-8' });
    const fault = onlyChild(onlyChild(readXml(body)));
    expect([fault.name, fault.namespace]).toEqual(['Fault', soap12]);
    const reason = childOf(childOf(fault, 'Reason'), 'Text');
    expect(reason.attributes['xml:lang']).toBe('en');
    expect(fault.children.map(({ name }) => name)).toEqual(['Code', 'Reason', 'Detail']);
    return { code: childOf(childOf(fault, 'Code'), 'Value').text, words: reason.text };
  };

  test('an action that nobody knows', async () => {
    expect(fault11(await post(envelope('<Nothing xmlns="http://tempuri.org/"/>'), action('Nothing')))).toEqual({
      code: 'soap:Client',
      words: 'Server did not recognize the value of HTTP Header SOAPAction: http://tempuri.org/Nothing.',
    });
    expect(fault12(await post(envelope('<Nothing xmlns="http://tempuri.org/"/>', soap12), twelve('Nothing')))).toEqual({
      code: 'soap:Sender',
      words: "Unable to handle request. The action 'http://tempuri.org/Nothing' was not recognized.",
    });
  });

  test.each(['AuthenticateUser2', 'CreateDownloadHandler', 'GetVersions', 'CheckOut', 'CheckIn'])(
    '%s, which no infoRouter has',
    async (name) => {
      const { words } = fault11(await post(envelope(`<${name} xmlns="http://tempuri.org/"/>`), action(name)));
      expect(words).toContain('did not recognize');
      expect(await said(await transports.GET.send({ endpoint, operation: name, parameters: {} }))).toEqual({
        status: 500,
        type: 'text/plain; charset=utf-8',
        body: `${name} Web Service method name is not valid.`,
      });
    },
  );

  test('a value that cannot be read', async () => {
    const bad = '<CreateUploadHandler><PreferedChunkSize>many</PreferedChunkSize></CreateUploadHandler>';
    const words = expect.stringMatching(/^Server was unable to read request\. ---> \S/);
    expect(fault11(await post(envelope(bad), action('CreateUploadHandler')))).toEqual({ code: 'soap:Client', words });
    const flag = '<UnLock><force>perhaps</force></UnLock>';
    expect(fault11(await post(envelope(flag), action('UnLock')))).toEqual({ code: 'soap:Client', words });
    const chunk = '<UploadFileChunk><FileChunk>@@@@</FileChunk></UploadFileChunk>';
    expect(fault11(await post(envelope(chunk), action('UploadFileChunk')))).toEqual({ code: 'soap:Client', words });
    const { code } = fault12(await post(envelope(bad, soap12), twelve('CreateUploadHandler')));
    expect(code).toBe('soap:Sender');
  });

  test('XML that is no envelope', async () => {
    const words = expect.stringMatching(/^Server was unable to read request\. ---> \S/);
    expect(fault11(await post('<a/>', action('LogOut')))).toEqual({ code: 'soap:Client', words });
    const bodiless = `<s:Envelope xmlns:s="${soap11}"/>`;
    expect(fault11(await post(bodiless, action('LogOut')))).toEqual({ code: 'soap:Client', words });
  });

  test('XML that is not well-formed, and a body of another kind', async () => {
    for (const body of ['<a', '', '<!DOCTYPE a><a/>', `${envelope('<LogOut/>')}x`])
      expect(await post(body, action('LogOut')), body).toMatchObject({ status: 400, body: '' });
    for (const type of ['text/csv', 'application/json'])
      expect(await post('{}', { 'content-type': type })).toMatchObject({ status: 415, body: '' });
  });

  test('a form that cannot be read', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const plain = { status: 500, type: 'text/plain; charset=utf-8' };
    const number = await post('PreferedChunkSize=many', form, '/srv.asmx/CreateUploadHandler');
    expect(number).toEqual({ ...plain, body: expect.stringMatching(/^Cannot convert many to System\.Int32\.\r?\n\S/) });
    const flag = await post('force=perhaps', form, '/srv.asmx/UnLock');
    expect(flag).toEqual({
      ...plain,
      body: expect.stringMatching(/^Cannot convert perhaps to System\.Boolean\.\r?\n\S/),
    });
  });
});

describe('a form', () => {
  const urlencoded = async (operation: string, body: string) => {
    const { status, body: answer } = await post(
      body,
      { 'content-type': 'application/x-www-form-urlencoded' },
      `/srv.asmx/${operation}`,
    );
    expect(status).toBe(200);
    return readXml(answer);
  };
  const ticket = () => `AuthenticationTicket=${desk.ticket}`;

  test('has letters as Mono and .NET write them: %uXXXX', async () => {
    await urlencoded('CreateFolder', `${ticket()}&Path=${desk.folder}/Gr%u00f6%u00dfe%20%uD83D%uDE00`);
    for (const spelling of ['Größe 😀', 'GRÖSSE 😀'.replace('SS', 'ß')]) {
      const { attributes } = await desk.ask('FolderExists', { Path: `${desk.folder}/${spelling}` }, 'SOAP 1.1');
      expect(attributes).toEqual({ success: 'true' });
    }
  });

  test.each([
    ['true', true],
    ['True', true],
    ['TRUE', true],
    ['1', true],
    ['false', false],
    ['False', false],
    ['0', false],
  ])('has booleans as %s', async (flag, isLast) => {
    const handler = await desk.handler(false);
    const sent = `UploadHandler=${handler}&FileChunk=YQ%3D%3D&ChunkHEXCRC=e8b7be43&LastChunk=${flag}`;
    const { attributes } = await urlencoded('UploadFileChunk', `${ticket()}&${sent}`);
    expect(attributes).toEqual({
      success: 'true',
      tryagain: 'false',
      ...(isLast && { filehexcrc: hex(Buffer.from('123456789a')) }),
    });
  });

  const bytes = Buffer.from([0, 62, 63, 251, 255, 191, 65]);
  const base64 = bytes.toString('base64');

  test.each([
    ['as base64', `FileChunk=${encodeURIComponent(base64)}`],
    ['as base64 whose + was not escaped', `FileChunk=${base64}`],
    ['as base64 with white space in it', `FileChunk=%0D%0A${encodeURIComponent(base64.replace(/.{4}/g, '$&\r\n '))}`],
    ['one by one in decimal', [...bytes].map((byte) => `FileChunk=${byte}`).join('&')],
  ])('has bytes %s', async (_manner, chunk) => {
    expect(base64).toContain('+');
    const { UploadHandler = '' } = (await desk.must('CreateUploadHandler')).attributes;
    const rest = `UploadHandler=${UploadHandler}&ChunkHEXCRC=${hex(bytes)}&LastChunk=true`;
    const { attributes } = await urlencoded('UploadFileChunk', `${ticket()}&${rest}&${chunk}`);
    expect(attributes).toEqual({ success: 'true', tryagain: 'false', filehexcrc: hex(bytes) });
  });

  test('of many parts has bytes as a file, as an octet-stream, or as base64 text', async () => {
    const part = (name: string, value: string, more = '') =>
      `--B\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
    const octets = '\r\nContent-Type: application/octet-stream';
    for (const chunk of [
      part('fileChunk', bytes.toString('latin1'), '; filename="blob"'),
      part('fileChunk', bytes.toString('latin1'), `; filename="blob"${octets}`),
      part('fileChunk', bytes.toString('latin1'), octets),
      part('fileChunk', base64),
    ]) {
      const { UploadHandler = '' } = (await desk.must('CreateUploadHandler')).attributes;
      const before = part('authenticationTicket', desk.ticket) + part('uploadHandler', UploadHandler);
      const after = `${part('chunkHEXCRC', hex(bytes)) + part('lastChunk', 'true')}--B--\r\n`;
      const reply = await fetch(`${endpoint}/UploadFileChunk`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=B' },
        body: Buffer.from(before + chunk + after, 'latin1'),
      });
      const { attributes } = readXml(await reply.text());
      expect(attributes).toEqual({ success: 'true', tryagain: 'false', filehexcrc: hex(bytes) });
    }
  });

  test('has its ticket in a cookie where it may', async () => {
    const headers = async () => ({ cookie: `a=b; ticket=${await ticketOf(endpoint, 'alice')}` });
    for (const operation of ['isValidTicket', 'LogOut'])
      expect(await (await fetch(`${endpoint}/${operation}`, { headers: await headers() })).text()).toContain(
        'success="true"',
      );
    const cookies = await headers();
    const renewed = await fetch(`${endpoint}/RenewTicket?UID=alice&PWD=secret`, { headers: cookies });
    expect(await renewed.text()).toContain(`ticket="${cookies.cookie.slice('a=b; ticket='.length)}"`);
    const other = await fetch(`${endpoint}/FolderExists?Path=/Documents`, { headers: cookies });
    expect(await other.text()).toContain('[901]');
  });
});

describe('the description', () => {
  const wsdl = async (path: string, headers: Record<string, string> = {}) => {
    const reply = await fetch(`${server.url}${path}`, { headers });
    expect(reply.headers.get('content-type')).toBe('text/xml; charset=utf-8');
    return reply.text();
  };
  const bytesToo = ['DownloadDocument', 'DownloadDocumentVersion'];
  /** Documented by the vendor, newer than its WSDL, and no part of §4's table. */
  const alsoThere = 'AuthenticateUserViaWindows';
  const all = [...Object.keys(rows), ...bytesToo, alsoThere].sort();
  const named = (parent: Xml, local: string) => parent.children.filter(({ name }) => name === local);
  const nameOf = ({ attributes }: Xml) => attributes.name;

  test('has every operation in every port, and nothing from elsewhere', async () => {
    const document = await wsdl('/srv.asmx?WSDL');
    const root = readXml(document);
    expect([root.name, root.namespace]).toEqual(['definitions', 'http://schemas.xmlsoap.org/wsdl/']);
    expect(root.attributes.targetNamespace).toBe('http://tempuri.org/');
    for (const portType of named(root, 'portType'))
      expect(named(portType, 'operation').map(nameOf).sort(), nameOf(portType)).toEqual(all);
    expect(named(root, 'portType').map(nameOf)).toEqual(['srvSoap', 'srvHttpGet', 'srvHttpPost']);
    expect(named(root, 'binding').map(nameOf)).toEqual(['srvSoap', 'srvSoap12', 'srvHttpGet', 'srvHttpPost']);
    const service = childOf(root, 'service');
    expect(nameOf(service)).toBe('srv');
    expect(named(service, 'port').map(nameOf)).toEqual(['srvSoap', 'srvSoap12', 'srvHttpGet', 'srvHttpPost']);
    expect(document).toContain('elementFormDefault="qualified"');
    expect(document).not.toMatch(/AbstractTypes|soap\/encoding|schemaLocation/);
  });

  test('has the parameters under the names, in the order and of the types of the table', async () => {
    const types = childOf(childOf(readXml(await wsdl('/srv.asmx?WSDL')), 'types'), 'schema');
    const typeOf = (name: string, value: unknown): string => {
      if (typeof value === 'number') return name.startsWith('MPVersion') ? 'short' : 'int';
      if (typeof value === 'boolean') return 'boolean';
      return value instanceof Uint8Array ? 'base64Binary' : 'string';
    };
    for (const [operation, row] of Object.entries(rows)) {
      const element = types.children.find((each) => each.name === 'element' && nameOf(each) === operation);
      const given = Object.entries(await row.given(await openDesk(endpoint, `Described ${operation}`)));
      const wanted = row.open ? given : [['AuthenticationTicket', ''] as const, ...given];
      const complex = element && childOf(element, 'complexType');
      const sequence = complex?.children.find(({ name }) => name === 'sequence');
      const described = (sequence?.children ?? []).map(({ attributes: { name, type, minOccurs } }) => [
        ...[name, type?.replace(/^\w+:/, ''), minOccurs],
      ]);
      const expected = wanted.map(([name, value]) => {
        const type = typeOf(name, value);
        return [name, type, type === 'string' || type === 'base64Binary' ? '0' : '1'];
      });
      expect(described, operation).toEqual(expected);
    }
  });

  test('has plain forms as their clients can take them: bytes as strings, XML as text', async () => {
    const document = await wsdl('/srv.asmx?WSDL');
    const root = readXml(document);
    for (const transport of ['HttpGet', 'HttpPost']) {
      const message = named(root, 'message').find((each) => nameOf(each) === `UploadFileChunk${transport}In`);
      expect(message?.children.map(({ attributes: { name, type } }) => [name, type?.replace(/^\w+:/, '')])).toEqual(
        ['AuthenticationTicket', 'UploadHandler', 'FileChunk', 'ChunkHEXCRC', 'LastChunk'].map((name) => [
          name,
          'string',
        ]),
      );
    }
    expect(document).toMatch(/<\w+:element name="base64Binary" nillable="true" type="\w+:base64Binary" ?\/>/);
    const outputOf = (operation: string) => {
      const binding = named(root, 'binding').find((each) => nameOf(each) === 'srvHttpGet');
      const found = binding && named(binding, 'operation').find((each) => nameOf(each) === operation);
      return found && onlyChild(childOf(found, 'output'));
    };
    expect(outputOf('LogOut')).toMatchObject({ name: 'content', attributes: { part: 'Body', type: 'text/xml' } });
    for (const operation of bytesToo) expect(outputOf(operation)?.name).toBe('mimeXml');
  });

  test('has the address that was asked', async () => {
    for (const path of ['/srv.asmx?WSDL', '/srv.asmx?wsdl', '/InfoRouter/Srv.ASMX?Wsdl']) {
      const folder = path.slice(0, path.toLowerCase().indexOf('/srv'));
      expect(await wsdl(path)).toContain(`location="${server.url}${folder}/srv.asmx"`);
    }
  });

  test('is also pages for people, and a discovery document', async () => {
    const page = await said(await fetch(`${server.url}/infoRouter/srv.asmx`));
    expect(page).toMatchObject({ status: 200, type: expect.stringMatching(/^text\/html/) });
    for (const operation of all) expect(page.body).toContain(operation);
    const one = await said(await fetch(`${endpoint}?op=UnLock`));
    expect(one).toMatchObject({ status: 200, type: expect.stringMatching(/^text\/html/) });
    expect(one.body).toContain('UnLock');
    expect(one.body).not.toContain('CreateFolder');
    expect(await wsdl('/srv.asmx?disco')).toContain(`${endpoint}?wsdl`);
  });
});

test('Move takes the full path with the new name, by each spelling of a path', async () => {
  await desk.document('a.txt');
  const [to, from] = [
    `${desk.folder}/Renamed.txt`,
    `${desk.folder.slice(1).replace('/', '\\').toUpperCase()}\\A.TXT\\`,
  ];
  await desk.must('Move', { SourcePath: from, DestinationPath: to });
  const parameters = { AuthenticationTicket: desk.ticket, Path: to };
  const { attributes } = await responseOf('GET', { endpoint, operation: 'DocumentExists', parameters });
  expect(attributes.success).toBe('true');
});
