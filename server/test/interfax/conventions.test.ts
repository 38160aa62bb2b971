import { describe, expect, test } from 'vitest';
import {
  alice,
  call,
  callElement,
  chunk,
  eachWithServer,
  envelope,
  namespace,
  number,
  post,
  readAnswer,
  server,
  startSession,
} from './calls.js';

eachWithServer();

const xml = { 'content-type': 'text/xml; charset=utf-8' };
const action = (name: string) => ({ ...xml, soapaction: `"${namespace}/${name}"` });
const start = envelope(callElement('StartFileUpload', alice));
const soap12 = (message: string) =>
  message.replace('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope');
const started = { status: 200, values: { StartFileUploadResult: '0' } };

describe('a call is found', () => {
  test('by SOAPAction, quoted or not, and without it by its element (§13, 9)', async () => {
    for (const headers of [
      action('StartFileUpload'),
      { ...xml, soapaction: `${namespace}/StartFileUpload` },
      { ...xml, soapaction: '""' },
      xml,
      { 'content-type': 'text/xml' },
    ])
      expect(await post(server, start, headers)).toMatchObject(started);
  });

  test('in SOAP 1.2 with an action or without, whatever SOAPAction says (§13, 8)', async () => {
    const type = 'application/soap+xml; charset=utf-8';
    for (const headers of [
      { 'content-type': type },
      { 'content-type': `${type}; action="${namespace}/StartFileUpload"` },
      { 'content-type': `${type}; action="urn:other"` },
      { 'content-type': type, soapaction: '"urn:other"' },
    ])
      expect(await post(server, soap12(start), headers)).toMatchObject({ ...started, type });
  });

  test('the answer has the version of the envelope', async () => {
    const reply = await post(server, soap12(start), action('StartFileUpload'));
    expect(reply).toMatchObject({ ...started, type: 'application/soap+xml; charset=utf-8' });
    expect(reply.body).toContain('<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"');
  });

  test('by SOAPAction although the element is another’s: all parameters are missing then', async () => {
    const session = await startSession(server);
    await chunk(server, session, 'abc');
    const cancel = envelope(callElement('CancelFileUpload', { SessionID: session }));
    const misled = await post(server, cancel, action('StartFileUpload'));
    expect(misled.body).toContain('<StartFileUploadResult>-1003</StartFileUploadResult>');
    const other = envelope(callElement('UploadFileChunk', { SessionID: session, Chunk: Buffer.from('abc') }));
    const cancelled = await post(server, other, action('CancelFileUpload'));
    expect(cancelled.values.CancelFileUploadResult).toBe('0');
    expect(await chunk(server, session, 'abc')).toBe(6);
  });

  test('parameters count in the service’s namespace only, and only as elements, spelt right', async () => {
    // An unknown session is -1062; one that is not named is 0.
    const code = async (inside: string) =>
      (await post(server, envelope(inside), action('CancelFileUpload'))).values.CancelFileUploadResult;
    const id = '<SessionID>unknown</SessionID>';
    const element = (inside: string) => `<CancelFileUpload xmlns="${namespace}">${inside}</CancelFileUpload>`;
    expect(await code(element(id))).toBe('-1062');
    expect(await code(`<CancelFileUpload xmlns="${namespace}/">${id}</CancelFileUpload>`)).toBe('0');
    expect(await code(`<CancelFileUpload>${id}</CancelFileUpload>`)).toBe('0');
    expect(await code(`<a:CancelFileUpload xmlns:a="${namespace}">${id}</a:CancelFileUpload>`)).toBe('0');
    expect(await code(`<CancelFileUpload xmlns="${namespace}" SessionID="unknown"/>`)).toBe('0');
    expect(await code(element('<sessionID>unknown</sessionID>'))).toBe('0');
    // Of two the first counts, and a stranger's does not.
    expect(await code(element(`<SessionID xmlns=""/>${id}<SessionID/>`))).toBe('-1062');
    expect(await code(element(`<SessionID/>${id}`))).toBe('0');
  });
});

describe('faults', () => {
  test.each([
    ['unknown SOAPAction', start, { ...xml, soapaction: '"urn:nothing"' }, 500, 'soap:Client', 'urn:nothing'],
    ['SOAPAction in another letter case', start, action('startfileupload'), 500, 'soap:Client', 'startfileupload'],
    ['unknown element', envelope('<Nothing xmlns="http://www.interfax.cc"/>'), xml, 500, 'soap:Client', ''],
    ['element of another namespace', envelope('<StartFileUpload/>'), xml, 500, 'soap:Client', ''],
    ['no Body', '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>', xml, 500, 'soap:Client', ''],
    ['no Envelope', '<StartFileUpload/>', xml, 500, 'soap:Client', ''],
    [
      'bad number',
      envelope(callElement('CancelFax', { ...alice, TransactionID: '1x' })),
      xml,
      500,
      'soap:Client',
      'TransactionID',
    ],
    [
      'number too big',
      envelope(callElement('CancelFax', { ...alice, TransactionID: 2 ** 31 })),
      xml,
      500,
      'soap:Client',
      'TransactionID',
    ],
    ['bad moment', envelope(callElement('SendfaxEx_2', { Postpone: 'soon' })), xml, 500, 'soap:Client', 'Postpone'],
    ['unknown envelope', start.replace('schemas.xmlsoap.org', 'example.org'), xml, 500, 'soap:VersionMismatch', ''],
    [
      'a header that must be understood',
      start.replace('<s:Body>', '<s:Header><x xmlns="urn:x" s:mustUnderstand="1"/></s:Header><s:Body>'),
      xml,
      500,
      'soap:MustUnderstand',
      '',
    ],
  ])('%s', async (_, message, headers, status, code, word) => {
    const reply = await post(server, message, headers);
    expect(reply).toMatchObject({ status, type: 'text/xml; charset=utf-8' });
    expect(reply.body).toContain(`<soap:Fault><faultcode>${code}</faultcode><faultstring>`);
    expect(reply.body).toContain('<detail /></soap:Fault>');
    expect(reply.values.faultstring).toContain(word);
  });

  test('of SOAP 1.2 look as they do there', async () => {
    const reply = await post(server, soap12(envelope('<Nothing/>')), { 'content-type': 'application/soap+xml' });
    expect(reply).toMatchObject({ status: 500, type: 'application/soap+xml; charset=utf-8' });
    expect(reply.body).toMatch(
      /<soap:Fault><soap:Code><soap:Value>soap:Sender<\/soap:Value><\/soap:Code><soap:Reason><soap:Text xml:lang="en">[^<]+<\/soap:Text><\/soap:Reason><soap:Detail \/><\/soap:Fault>/,
    );
  });

  test('an unknown envelope is told the known ones', async () => {
    const { body } = await post(server, start.replace('schemas.xmlsoap.org', 'example.org'));
    expect(body).toMatch(
      /<soap:Header><(\w+):Upgrade xmlns:\1="http:\/\/www\.w3\.org\/2003\/05\/soap-envelope"><\1:SupportedEnvelope .*soap-envelope".*<\1:SupportedEnvelope .*soap\/envelope\/".*<\/\1:Upgrade><\/soap:Header>/,
    );
  });

  test.each([
    ['cut off', start.slice(0, -20), xml, 400],
    ['with a DOCTYPE', `<!DOCTYPE a [<!ENTITY b "c">]>${start}`, xml, 400],
    ['not XML', 'Username=alice', xml, 400],
    ['of another type', start, { 'content-type': 'application/json' }, 415],
    ['a form', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ])('a message that is %s has an empty answer', async (_, message, headers, status) => {
    expect(await post(server, message, headers)).toMatchObject({ status, body: '' });
  });

  test('a header that need not be understood is passed over, as are SOAP::Lite’s types', async () => {
    const message = start
      .replace('<s:Body>', '<s:Header><x xmlns="urn:x" s:mustUnderstand="0"/></s:Header><s:Body>')
      .replace(
        '<Username>',
        '<Username xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xsd:string" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">',
      );
    expect(await post(server, message)).toMatchObject(started);
  });

  test('nil and empty values are missing ones', async () => {
    const nil = '<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>';
    const element = callElement('SendfaxEx_2', {
      ...alice,
      FileSizes: '1/sessionID=x',
      FileTypes: 'PDF',
      FaxNumbers: '+4420794601',
    });
    const more = ['Postpone', 'RetriesToPerform', 'IsHighResolution', 'FilesData'].flatMap((name, n) =>
      n % 2 === 0 ? `<${name}></${name}>` : nil.replace('<a', `<${name}`),
    );
    const message = envelope(element.replace('</SendfaxEx_2>', `${more.join('')}</SendfaxEx_2>`));
    expect((await post(server, message)).values.SendfaxEx_2Result).toBe('-1062');
  });
});

describe('forms', () => {
  const get = async (path: string) => readAnswer(await fetch(`${server.url}/dfs.asmx/${path}`));
  const form = async (operation: string, body: string) =>
    readAnswer(
      await fetch(`${server.url}/dfs.asmx/${operation}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      }),
    );

  test('answer the bare number (§13, 10)', async () => {
    const session = await startSession(server);
    const reply = await get(`CancelFileUpload?SessionID=${session}`);
    expect(reply).toMatchObject({ status: 200, type: 'text/xml; charset=utf-8' });
    expect(reply.body).toMatch(
      /^<\?xml version="1.0" encoding="utf-8"\?>\r\n<int xmlns="http:\/\/www.interfax.cc">0<\/int>$/,
    );
  });

  test('need every parameter, and an operation that is offered', async () => {
    const missing = await get('CancelFileUpload');
    expect(missing).toMatchObject({ status: 500, type: 'text/plain; charset=utf-8' });
    expect(missing.body).toContain('SessionID');
    for (const path of [
      'StartFileUpload?Username=alice&Password=secret&SessionID=',
      'FaxStatus?Username=alice',
      'GetFaxImage?Username=alice',
      'Nothing',
      'cancelfileupload?SessionID=',
    ])
      expect(await get(path)).toMatchObject({ status: 500, type: 'text/plain; charset=utf-8' });
  });

  test('upload chunks: a field for each byte, or base64', async () => {
    const session = await startSession(server);
    const send = (chunk: string, last: string) =>
      form('UploadFileChunk', `SessionID=${session}&${chunk}&IsLast=${last}`);
    expect((await send('Chunk=37&Chunk=80&Chunk=68&Chunk=70', 'False')).values.int).toBe('4');
    expect((await send(`Chunk=${encodeURIComponent('JVBERg==')}`, 'TRUE')).values.int).toBe('8');
    const fax = new URLSearchParams({
      ...alice,
      FaxNumbers: '+442079460123',
      Contacts: '',
      FilesData: '',
      FileTypes: 'PDF',
      FileSizes: `8/sessionID=${session}`,
      Postpone: '2001-01-01',
      RetriesToPerform: '1',
      CSID: '',
      PageHeader: '',
      JobID: '',
      Subject: '',
      ReplyAddress: '',
      PageSize: 'A4',
      PageOrientation: 'Portrait',
      IsHighResolution: 'false',
      IsFineRendering: 'false',
    });
    const { body } = await form('SendfaxEx_2', fax.toString());
    expect(body).toMatch(/<long xmlns="http:\/\/www.interfax.cc">1<\/long>$/);
    expect((await form('SendfaxEx_2', fax.toString())).values.long).toBe('-1062');
  });

  test('answer texts, booleans and structures', async () => {
    expect((await get('IsSupportedFileType?FileType=pdf')).body).toContain(
      '<boolean xmlns="http://www.interfax.cc">true</boolean>',
    );
    expect((await get('GetSupportedFileTypes')).values.string).toContain('PDF;');
    expect((await get('GetListPP?Username=alice&Password=secret')).body).toContain(
      '<ListPPResult xmlns="http://www.interfax.cc">',
    );
    const sent = await form(
      'SendCharFax',
      'Username=alice&Password=secret&FaxNumber=%2B442079460123&Data=Gr%C3%BC%C3%9Fe&FileType=TXT',
    );
    expect(sent.values.long).toBe('1');
  });
});

describe('pages', () => {
  const get = async (path: string, init?: RequestInit) => {
    const reply = await fetch(`${server.url}${path}`, init);
    return { status: reply.status, type: reply.headers.get('content-type'), body: await reply.text() };
  };

  test('the list, one operation, the description and the discovery', async () => {
    const list = await get('/dfs.asmx');
    expect(list).toMatchObject({ status: 200, type: expect.stringContaining('text/html') });
    expect(list.body).toContain('StartFileUpload');
    expect((await get('/dfs.asmx?op=SendfaxEx_2')).body).toContain('FileSizes');
    expect((await get('/dfs.asmx?disco')).body).toContain(`ref="${server.url}/dfs.asmx?wsdl"`);
    expect(await get('/dfs.asmx', { method: 'PUT', body: 'x' })).toMatchObject({ status: 405 });
  });

  test('any letter case will do', async () => {
    expect((await get('/DFS.ASMX?wsdl')).body).toContain('<wsdl:definitions');
    expect(await number({ url: server.url }, 'CancelFileUpload')).toBe(0);
    const reply = await readAnswer(
      await fetch(`${server.url}/Dfs.asmx`, { method: 'POST', headers: xml, body: start }),
    );
    expect(reply).toMatchObject(started);
  });
});

test('the description has all operations, in the names and shapes that generated clients know', async () => {
  const wsdl = await (await fetch(`${server.url}/dfs.asmx?WSDL`)).text();
  const names = [...wsdl.matchAll(/soapAction="http:\/\/www\.interfax\.cc\/(\w+)"/g)].map(([, name]) => name);
  expect(new Set(names).size).toBe(26);
  for (const port of ['InterFaxSoap', 'InterFaxSoap12', 'InterFaxHttpGet', 'InterFaxHttpPost'])
    expect(wsdl).toContain(`<wsdl:port name="${port}" binding="tns:${port}">`);
  expect(wsdl).toContain('<wsdl:service name="InterFax">');
  expect([...wsdl.matchAll(/<http:operation /g)]).toHaveLength(2 * 19);
  expect([...wsdl.matchAll(/location="([^"]*asmx)"/g)].map(([, at]) => at)).toEqual(
    Array.from({ length: 4 }, () => `${server.url}/dfs.asmx`),
  );
  const element = (name: string) =>
    new RegExp(`<xsd:element name="${name}"><xsd:complexType><xsd:sequence>(.*?)</xsd:sequence>`, 's').exec(
      wsdl,
    )?.[1] ?? '';
  const members = (name: string) =>
    [...element(name).matchAll(/<xsd:element ([^>]*?)\s*\/?>/g)].map(([, text = '']) => {
      const attribute = (each: string) => new RegExp(`${each}="([^"]*)"`).exec(text)?.[1];
      return [attribute('minOccurs'), attribute('name'), attribute('type')].join(' ');
    });
  expect(members('UploadFileChunk')).toEqual([
    '0 SessionID xsd:string',
    '0 Chunk xsd:base64Binary',
    '1 IsLast xsd:boolean',
  ]);
  expect(members('StartFileUploadResponse')).toEqual(['1 StartFileUploadResult xsd:int', '0 SessionID xsd:string']);
  expect(members('SendfaxEx_2')).toEqual([
    '0 Username xsd:string',
    '0 Password xsd:string',
    '0 FaxNumbers xsd:string',
    '0 Contacts xsd:string',
    '0 FilesData xsd:base64Binary',
    '0 FileTypes xsd:string',
    '0 FileSizes xsd:string',
    '1 Postpone xsd:dateTime',
    '1 RetriesToPerform xsd:int',
    '0 CSID xsd:string',
    '0 PageHeader xsd:string',
    '0 JobID xsd:string',
    '0 Subject xsd:string',
    '0 ReplyAddress xsd:string',
    '0 PageSize xsd:string',
    '0 PageOrientation xsd:string',
    '1 IsHighResolution xsd:boolean',
    '1 IsFineRendering xsd:boolean',
  ]);
  expect(members('SendfaxEx_2Response')).toEqual(['1 SendfaxEx_2Result xsd:long']);
  expect(members('FaxStatusResponse')).toEqual([
    '0 FaxStatusResult tns:ArrayOfFaxItem',
    '1 TotalCount xsd:int',
    '1 ListSize xsd:int',
    '1 ResultCode xsd:int',
  ]);
  expect(members('FaxQuery2')).toEqual([
    '0 Username xsd:string',
    '0 Password xsd:string',
    '1 QueryForm tns:QueryForm',
    '1 QueryControl tns:QueryControl',
  ]);
  expect(members('GetFaxImageResponse')).toEqual(['1 GetFaxImageResult xsd:long', '0 Image xsd:base64Binary']);
  expect(wsdl).not.toContain('AbstractTypes');
  expect(wsdl).not.toContain('soap/encoding');
});

test('whoever calls while the server stops is told to come again', async () => {
  await server.host.engine.drain();
  const reply = await call(server, 'StartFileUpload', alice);
  expect(reply.status).toBe(503);
});
