import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brightsign } from '../src/dialects/brightsign/dialect.js';
import { as, type Server, serve } from './memory-server.js';

// Expected values come from specs/brightsign.md (the § in the names of the tests) and the seed that it was made from.

const T = 'https://api.brightsignnetwork.com/Uploads/2014/07/SOAP/';
const D = 'BSN.WebServices.Uploads.DTO.2014.07';
const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const basic = '/Uploads/2014/07/SOAP/Basic/';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly xml: string;
  /** Text of the first element with that local name; null where there is none, or nil. */
  get(local: string): string | null;
  readonly fault: string | null;
}

const read = (xml: string, local: string): string | null => {
  const match = new RegExp(`<(?:\\w+:)?${local}(?: [^>]*)?>([^<]*)</`).exec(xml);
  return match?.[1] ?? null;
};

let server: Server;

beforeEach(async () => {
  server = await serve({ dialect: brightsign });
});
afterEach(() => server.close());

interface Sending {
  readonly user?: string | null;
  readonly password?: string;
  readonly security?: string;
  readonly headers?: Record<string, string>;
  readonly path?: string;
  readonly soap12?: boolean;
}

const tokenOf = (user: string, password: string): string =>
  `<w:Security xmlns:w="${WSSE}"><w:UsernameToken><w:Username>${user}</w:Username><w:Password>${password}</w:Password></w:UsernameToken></w:Security>`;

const envelope = (
  body: string,
  { user = 'Acme/alice', password = 'secret', security, soap12 }: Sending = {},
): string => {
  const namespace = soap12 ? 'http://www.w3.org/2003/05/soap-envelope' : 'http://schemas.xmlsoap.org/soap/envelope/';
  const header = security ?? (user === null ? '' : tokenOf(user, password));
  return `<?xml version="1.0"?><e:Envelope xmlns:e="${namespace}" xmlns:t="${T}" xmlns:d="${D}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><e:Header>${header}</e:Header><e:Body>${body}</e:Body></e:Envelope>`;
};

const post = async (xml: string, { headers = {}, path = basic, soap12 }: Sending = {}): Promise<Answer> => {
  const type = soap12 ? 'application/soap+xml; charset=utf-8' : 'text/xml; charset=utf-8';
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body: xml,
  });
  const answer = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    xml: answer,
    get: (local) => read(answer, local),
    fault: read(answer, 'Message'),
  };
};

const call = (body: string, how?: Sending): Promise<Answer> => post(envelope(body, how), how);

const member = ([name, value]: [string, string | number]) => `<d:${name}>${value}</d:${name}>`;
const argsOf = (args: Record<string, string | number>, type?: string): string =>
  `<t:args${type ? ` i:type="d:${type}"` : ''}>${Object.entries(args).map(member).join('')}</t:args>`;

const start = (args: Record<string, string | number>, how?: Sending, type?: string) =>
  call(`<t:StartFileUpload>${argsOf(args, type)}</t:StartFileUpload>`, how);
const complete = (args: Record<string, string | number>, how?: Sending, type?: string) =>
  call(`<t:CompleteFileUpload>${argsOf(args, type)}</t:CompleteFileUpload>`, how);
const cancel = (token: string, how?: Sending) =>
  call(`<t:CancelFileUpload><t:uploadToken>${token}</t:uploadToken></t:CancelFileUpload>`, how);
const status = (token: string, how?: Sending) =>
  call(`<t:GetFileUploadStatus><t:uploadToken>${token}</t:uploadToken></t:GetFileUploadStatus>`, how);
const append = (token: string, offset: number | null, data: string | Buffer, how?: Sending) => {
  const place = offset === null ? '' : `<t:offset>${offset}</t:offset>`;
  const base64 = Buffer.isBuffer(data) ? data.toString('base64') : data;
  return call(
    `<t:AppendChunk><t:sessionToken i:nil="true"/><t:uploadToken>${token}</t:uploadToken><t:partNumber>0</t:partNumber><t:data>${base64}</t:data>${place}</t:AppendChunk>`,
    how,
  );
};

const begin = async (args: Record<string, string | number> = {}): Promise<string> => {
  const answer = await start({ FileName: 'lake.png', FileSize: 10, ...args });
  const token = answer.get('UploadToken');
  if (token === null) throw new Error(answer.xml);
  return token;
};

const sha1 = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('hex');

const collect = async (bytes: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = [];
  for await (const each of bytes) all.push(each);
  return Buffer.concat(all);
};

/** A content of the library: where it is and what is in it. */
const content = async (id: string | null) => {
  const { engine, catalog, ledger } = server.host;
  return ledger.read(async (facts) => {
    const file = await catalog.file(facts, Number(id));
    const latest = file.versions[file.versions.length - 1] ?? file.versions[0];
    const bytes = await collect(engine.readObject(latest.object, { start: 0, end: latest.size }));
    return { file, path: await catalog.pathOf(facts, file.folder), bytes };
  });
};

const ten = Buffer.from('0123456789');

describe('a file', () => {
  it('goes up in chunks in any order and becomes a content (§A10)', async () => {
    const started = await start({ FileName: 'lake.png', FileSize: 10, ChunksCount: 2, SHA1Hash: sha1(ten) });
    expect(started.status).toBe(200);
    expect(started.type).toBe('text/xml; charset=utf-8');
    expect(started.get('State')).toBe('Started');
    expect(started.get('ChunksTotal')).toBe('2');
    expect(started.get('SHA1Hash')).toBe(sha1(ten));
    expect(started.get('ContentId')).toBeNull();
    const token = started.get('UploadToken') ?? '';
    expect((await append(token, 6, ten.subarray(6))).get('AppendChunkResult')).toBe('true');
    expect((await status(token)).get('State')).toBe('Uploading');
    await append(token, 0, ten.subarray(0, 6));
    expect((await status(token)).get('State')).toBe('Uploaded');
    const done = await complete({ UploadToken: token });
    expect(done.get('State')).toBe('Completed');
    const { file, path, bytes } = await content(done.get('ContentId'));
    expect(path).toEqual(['Shared', 'Incoming']);
    expect(file).toMatchObject({ name: 'lake.png', dialect: 'brightsign', metadata: { contentType: 'Image' } });
    expect(bytes).toEqual(ten);
    // §A9: completing what is completed answers the same again.
    const again = await complete({ UploadToken: token });
    expect(again.xml).toBe(done.xml);
  });

  it('may be empty (§A6)', async () => {
    const token = await begin({ FileSize: 0 });
    const done = await complete({ UploadToken: token });
    expect(done.get('State')).toBe('Completed');
    expect((await content(done.get('ContentId'))).bytes).toHaveLength(0);
  });

  it('may have a size that nobody told (§A9)', async () => {
    const answer = await start({ FileName: 'a.mp4' });
    const token = answer.get('UploadToken') ?? '';
    await append(token, null, ten.subarray(0, 4));
    await append(token, null, ten.subarray(4));
    const done = await complete({ UploadToken: token });
    expect(done.get('FileSize')).toBe('10');
    const { file, bytes } = await content(done.get('ContentId'));
    expect(bytes).toEqual(ten);
    expect(file.metadata).toMatchObject({ contentType: 'Video' });
  });

  it('goes up by parallel chunks under one token', async () => {
    const whole = Buffer.from(Array.from({ length: 64 * 1024 }, (_, index) => (index * 31) % 251));
    const token = await begin({ FileSize: whole.length });
    const size = 4096;
    const offsets = Array.from({ length: whole.length / size }, (_, index) => index * size).reverse();
    const answers = await Promise.all(offsets.map((at) => append(token, at, whole.subarray(at, at + size))));
    expect(answers.map((answer) => answer.get('AppendChunkResult'))).toEqual(offsets.map(() => 'true'));
    const done = await complete({ UploadToken: token, SHA1Hash: `SHA1:${sha1(whole).toUpperCase()}` });
    expect((await content(done.get('ContentId'))).bytes.equals(whole)).toBe(true);
  });

  it('is answered in SOAP 1.2 when it is sent in it (§A2)', async () => {
    const answer = await start({ FileName: 'a.png' }, { soap12: true });
    expect(answer.type).toMatch(/^application\/soap\+xml/);
    expect(answer.get('State')).toBe('Started');
  });
});

describe('parameters (§A6)', () => {
  const rules: [string, Record<string, string | number>, RegExp][] = [
    ['an empty file name', { FileName: '' }, /must not be empty/],
    ['a blank file name', { FileName: '  ' }, /must not be empty/],
    ['a missing file name', { FileSize: 3 }, /must not be empty/],
    ['a file name of 129 characters', { FileName: 'a'.repeat(129) }, /more than 128 characters/],
    ['a file name with a backslash', { FileName: 'a\\b.png' }, /not valid/],
    ['a file name with a slash', { FileName: '../b.png' }, /not valid/],
    ['a file name with a colon', { FileName: 'C:b.png' }, /not valid/],
    ['a file name with a question mark', { FileName: 'b?.png' }, /not valid/],
    ['a file name that is a dot', { FileName: '.' }, /not valid/],
    ['a file name that ends with a dot', { FileName: 'b.' }, /not valid/],
    ['a file name that ends with a blank', { FileName: 'b ' }, /not valid/],
    ['a negative file size', { FileName: 'a', FileSize: -1 }, /must not be negative/],
    ['a file size over 5 GB', { FileName: 'a', FileSize: 5_000_000_001 }, /not be greater than 5000000000/],
    ['a file size that is no number', { FileName: 'a', FileSize: '12x' }, /FileSize/],
    ['a huge file size', { FileName: 'a', FileSize: '9'.repeat(30) }, /FileSize/],
    ['a negative number of chunks', { FileName: 'a', ChunksCount: -1 }, /must not be negative/],
    ['an unknown content type', { FileName: 'a', ContentType: 'Hologram' }, /ContentType/],
    ['a date that is none', { FileName: 'a', FileLastModifiedDate: 'yesterday' }, /FileLastModifiedDate/],
    ['a virtual path of 129 characters', { FileName: 'a', VirtualPath: `\\${'b'.repeat(127)}\\` }, /more than 128/],
    ['a virtual path that climbs', { FileName: 'a', VirtualPath: '\\..\\..\\etc\\' }, /not valid/],
    ['a hash that is none', { FileName: 'a', SHA1Hash: 'xyz' }, /40 hexadecimal digits/],
    ['a thumbnail that is not base64', { FileName: 'a', FileThumb: '###' }, /FileThumb/],
  ];
  it.each(rules)('%s is refused with a descriptive error', async (_what, args, message) => {
    const answer = await start(args);
    expect(answer.status).toBe(500);
    // §A11, compared to the letter by a client.
    expect(answer.get('faultstring')).toBe('The creator of this fault did not specify a Reason.');
    expect(answer.get('faultcode')).toBe('s:Client');
    expect(answer.xml).toContain('FileUploadFault');
    expect(answer.fault).toMatch(message);
  });

  const accepted: [string, Record<string, string | number>][] = [
    ['a file name of 128 characters', { FileName: 'a'.repeat(128) }],
    ['exactly 5 GB', { FileName: 'a', FileSize: 5_000_000_000 }],
    ['the root', { FileName: 'a', VirtualPath: '\\' }],
    ['a virtual path of 128 characters', { FileName: 'a', VirtualPath: `\\${'b'.repeat(126)}\\` }],
    ['a kind of content in lower case', { FileName: 'a', ContentType: 'webpage' }],
    ['the year 1', { FileName: 'a', FileLastModifiedDate: '0001-01-01T00:00:00' }],
    ['zeros and Auto, as WCF sends them', { FileName: 'a', ChunksCount: 0, FileSize: 0, ContentType: 'Auto' }],
  ];
  it.each(accepted)('%s is accepted', async (_what, args) => {
    expect((await start(args)).get('State')).toBe('Started');
  });

  it('puts slashes right and makes missing folders', async () => {
    const token = await begin({ FileSize: 0, VirtualPath: '/Shared//Deep\\er' });
    const done = await complete({ UploadToken: token });
    expect((await content(done.get('ContentId'))).path).toEqual(['Shared', 'Deep', 'er']);
  });

  it('of CompleteFileUpload win over those of StartFileUpload, where specified', async () => {
    const token = await begin({ FileSize: 3, VirtualPath: '\\One\\', FileName: 'a.mp3' });
    await append(token, 0, Buffer.from('abc'));
    const done = await complete({ UploadToken: token, FileName: 'b.mp3', VirtualPath: '\\Two\\', ContentType: 'Auto' });
    const { file, path } = await content(done.get('ContentId'));
    expect(path).toEqual(['Two']);
    expect(file).toMatchObject({ name: 'b.mp3', metadata: { contentType: 'Audio' } });
  });

  it.each(['<t:uploadToken/>', '<t:uploadToken i:nil="true"/>', ''])('an empty token is refused: %s', async (token) => {
    const chunk = await call(`<t:AppendChunk>${token}<t:data>QUJD</t:data><t:offset>0</t:offset></t:AppendChunk>`);
    expect(chunk.fault).toMatch(/upload token must not be empty/);
    const done = await call(`<t:CompleteFileUpload><t:args/></t:CompleteFileUpload>`);
    expect(done.fault).toMatch(/upload token must not be empty/);
  });

  it('a negative offset is refused, 0 is not (§A8)', async () => {
    const token = await begin();
    expect((await append(token, -1, ten)).fault).toMatch(/must not be negative/);
    expect((await append(token, 0, ten)).get('AppendChunkResult')).toBe('true');
  });

  it('may be flat, in any order and letter case (§A5)', async () => {
    const answer = await call(
      `<t:StartFileUpload><t:filesize>3</t:filesize><t:FILENAME>flat.png</t:FILENAME><t:sha1Hash/></t:StartFileUpload>`,
    );
    expect(answer.get('FileName')).toBe('flat.png');
    expect(answer.get('FileSize')).toBe('3');
  });
});

describe('chunks (§A9)', () => {
  it('may be sent again; until the end the last bytes for a place win', async () => {
    const token = await begin();
    await append(token, 0, Buffer.from('XXXXX'));
    await append(token, 5, ten.subarray(5));
    await append(token, 5, ten.subarray(5));
    await append(token, 0, ten.subarray(0, 5));
    const done = await complete({ UploadToken: token, SHA1Hash: sha1(ten) });
    expect((await content(done.get('ContentId'))).bytes).toEqual(ten);
  });

  it('beyond the end are refused', async () => {
    const token = await begin();
    expect((await append(token, 8, Buffer.from('abc'))).fault).toMatch(/beyond the end/);
    expect((await status(token)).get('State')).toBe('Started');
  });

  it('for what is over, unknown or a stranger’s are refused', async () => {
    const done = await begin({ FileSize: 0 });
    await complete({ UploadToken: done });
    expect((await append(done, 0, ten)).fault).toMatch(/has been completed/);
    const cancelled = await begin();
    await cancel(cancelled);
    expect((await append(cancelled, 0, ten)).fault).toMatch(/has been cancelled/);
    expect((await append('nobody', 0, ten)).fault).toMatch(/no upload with this upload token/);
    expect((await append('../../etc/passwd', 0, ten)).fault).toMatch(/no upload with this upload token/);
    const mine = await begin();
    const stranger = { user: 'Acme/bob' };
    expect((await append(mine, 0, ten, stranger)).fault).toMatch(/no upload with this upload token/);
    expect((await complete({ UploadToken: mine }, stranger)).fault).toMatch(/no upload with this upload token/);
    expect((await cancel(mine, stranger)).xml).toContain('nil="true"');
    expect((await status(mine)).get('State')).toBe('Started');
  });

  it('that are not base64 are refused and leave nothing', async () => {
    const token = await begin();
    const answer = await append(token, 0, 'QUJD####');
    expect(answer.status).toBe(400);
    expect((await status(token)).get('State')).toBe('Started');
  });

  it('with line breaks in their base64 are as good', async () => {
    const token = await begin();
    const base64 = ten.toString('base64');
    await append(token, 0, `\r\n ${base64.slice(0, 5)}\n${base64.slice(5)}&#13;\n`);
    expect((await complete({ UploadToken: token, SHA1Hash: sha1(ten) })).get('State')).toBe('Completed');
  });
});

describe('the end of an upload', () => {
  it('with bytes missing is refused, and the rest may still come (§A9)', async () => {
    const token = await begin();
    await append(token, 0, ten.subarray(0, 4));
    expect((await complete({ UploadToken: token })).fault).toMatch(/not complete: 4 of 10 bytes/);
    expect((await status(token)).get('State')).toBe('Uploading');
    await append(token, 4, ten.subarray(4));
    expect((await complete({ UploadToken: token })).get('State')).toBe('Completed');
  });

  it('with another hash is corrupt, and the same token may begin anew (§A9)', async () => {
    const token = await begin({ SHA1Hash: sha1(ten) });
    await append(token, 0, Buffer.from('9876543210'));
    expect((await complete({ UploadToken: token })).fault).toMatch(/SHA1 hash/);
    expect((await status(token)).get('State')).toBe('Corrupted');
    const again = await start({ UploadToken: token, FileName: 'lake.png', FileSize: 10, SHA1Hash: sha1(ten) });
    expect(again.get('UploadToken')).toBe(token);
    expect(again.get('State')).toBe('Started');
    await append(token, 0, ten);
    expect((await complete({ UploadToken: token })).get('State')).toBe('Completed');
  });

  it('by cancelling answers the status, and nil for an unknown token (§A8)', async () => {
    const token = await begin();
    expect((await cancel(token)).get('State')).toBe('Cancelled');
    const unknown = await cancel('nobody');
    expect(unknown.status).toBe(200);
    expect(unknown.xml).toMatch(/<CancelFileUploadResult [^>]*nil="true"/);
    expect((await status('nobody')).xml).toMatch(/<GetFileUploadStatusResult [^>]*nil="true"/);
  });

  it('by time-out is Terminated after 24 hours without a chunk (part C)', async () => {
    const token = await begin();
    const day = 24 * 60 * 60 * 1000;
    server.clock.advance(day - 1);
    await append(token, 0, ten.subarray(0, 1));
    server.clock.advance(day - 1);
    await server.host.engine.expire();
    expect((await status(token)).get('State')).toBe('Uploading');
    server.clock.advance(2);
    await server.host.engine.expire();
    expect((await status(token)).get('State')).toBe('Terminated');
  });
});

describe('a content that is there already', () => {
  const bring = async (args: Record<string, string | number> = {}) => {
    const token = await begin({ VirtualPath: '\\Pool\\', ...args });
    await append(token, 0, ten);
    return (await complete({ UploadToken: token })).get('ContentId') ?? '';
  };

  it('is told of when the hash is (§A10)', async () => {
    const id = await bring();
    const answer = await start({ FileName: 'lake.png', FileSize: 10, SHA1Hash: sha1(ten) });
    expect(answer.xml).toMatch(/StartFileUploadResult [^>]*type="\w+:ContentNegotiationStatus"/);
    expect(answer.get('Id')).toBe(id);
    expect(answer.xml).toContain('VirtualPath>\\Pool\\<');
    const without = await start({ FileName: 'lake.png', FileSize: 10 });
    expect(without.xml).not.toContain('MatchingFiles');
    const other = await start({ FileName: 'pond.png', FileSize: 10, SHA1Hash: sha1(ten) });
    expect(other.xml).not.toContain('MatchingFiles');
  });

  it('is overwritten by its id, which stays (§A11)', async () => {
    const id = await bring();
    const update = { FileName: 'lake.png', FileSize: 3, ContentId: id };
    const token = (await start(update, undefined, 'ContentUpdateArguments')).get('UploadToken') ?? '';
    await append(token, 0, Buffer.from('new'));
    expect((await complete({ UploadToken: token })).get('ContentId')).toBe(id);
    const { file, bytes } = await content(id);
    expect(bytes.toString()).toBe('new');
    expect(file.versions).toHaveLength(2);
    expect((await start({ ...update, ContentId: 999_999 }, undefined, 'ContentUpdateArguments')).fault).toMatch(
      /no content with the id 999999/,
    );
  });

  it('stays in its folder when it is overwritten, unless another is named', async () => {
    const id = await bring();
    for (const [path, expected] of [
      [{}, ['Pool']],
      [{ VirtualPath: '\\Lake\\' }, ['Lake']],
    ] as const) {
      const update = { FileName: 'lake.png', FileSize: 3, ContentId: id, ...path };
      const token = (await start(update, undefined, 'ContentUpdateArguments')).get('UploadToken') ?? '';
      await append(token, 0, Buffer.from('new'));
      await complete({ UploadToken: token });
      expect((await content(id)).path).toEqual(expected);
    }
  });

  it('keeps a thumbnail that came with it, which is no upload to be asked about (§A6)', async () => {
    const thumb = Buffer.from('not really a picture');
    const token = await begin({ FileSize: 0, FileThumb: thumb.toString('base64') });
    const done = await complete({ UploadToken: token });
    const { file } = await content(done.get('ContentId'));
    const { thumb: object } = file.metadata as { thumb: string };
    const { engine } = server.host;
    expect(await collect(engine.readObject(object, { start: 0, end: thumb.length }))).toEqual(thumb);
    expect((await status(object)).xml).toMatch(/GetFileUploadStatusResult [^>]*nil="true"/);
  });

  it('gets a twin where its name and folder come again without its id (§A11)', async () => {
    expect(await bring()).not.toBe(await bring());
  });
});

describe('who calls (§A3)', () => {
  it.each(['Acme/alice', 'alice', 'Other/alice'])('%s is known', async (user) => {
    expect((await start({ FileName: 'a' }, { user })).get('State')).toBe('Started');
  });

  it('wrong credentials and none are refused in the words of WS-Security', async () => {
    const wrong = await start({ FileName: 'a' }, { password: 'guess' });
    expect(wrong.status).toBe(500);
    expect(wrong.get('faultcode')).toMatch(/:FailedAuthentication$/);
    const nobody = await start({ FileName: 'a' }, { user: 'Acme/nobody' });
    expect(nobody.get('faultcode')).toMatch(/:FailedAuthentication$/);
    const none = await start({ FileName: 'a' }, { user: null });
    expect(none.get('faultcode')).toMatch(/:InvalidSecurity$/);
    expect(wrong.xml).not.toContain('guess');
  });

  it('a PasswordDigest is refused plainly', async () => {
    const type = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest';
    const security = tokenOf('Acme/alice', 'x').replace('<w:Password>', `<w:Password Type="${type}">`);
    expect((await start({ FileName: 'a' }, { security })).get('faultstring')).toMatch(/PasswordDigest/);
  });

  it('Basic will do, and a viewer may not upload', async () => {
    const known = await start({ FileName: 'a' }, { user: null, headers: as('alice') });
    expect(known.get('State')).toBe('Started');
    expect((await start({ FileName: 'a' }, { user: 'Acme/victor' })).fault).toMatch(/Upload Content/);
  });

  it('who sends a Timestamp gets one, nobody else does', async () => {
    const utility = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
    const stamp = `<u:Timestamp xmlns:u="${utility}"><u:Created>2026-01-01T00:00:00Z</u:Created></u:Timestamp>`;
    const security = tokenOf('Acme/alice', 'secret').replace('</w:Security>', `${stamp}</w:Security>`);
    const answer = await start({ FileName: 'a' }, { security });
    expect(answer.get('Created')).toBe('2026-01-01T00:00:00.000Z');
    expect(answer.get('Expires')).toBe('2026-01-01T00:05:00.000Z');
    expect((await start({ FileName: 'a' })).xml).not.toContain('Timestamp');
  });
});

describe('the service', () => {
  it('answers in the namespaces of the request, and remembers them for flat calls (§A2)', async () => {
    const other = (xml: string) => xml.replaceAll(T, 'urn:my-service').replaceAll(D, 'urn:my-data');
    const started = await post(
      other(envelope(`<t:StartFileUpload>${argsOf({ FileName: 'a', FileSize: 3 })}</t:StartFileUpload>`)),
    );
    expect(started.xml).toContain('urn:my-service');
    expect(started.xml).toContain('urn:my-data');
    const token = started.get('UploadToken') ?? '';
    const asked = `<t:GetFileUploadStatus><t:uploadToken>${token}</t:uploadToken></t:GetFileUploadStatus>`;
    expect((await post(other(envelope(asked)))).xml).toContain('urn:my-data');
  });

  it('does not care for the SOAPAction, nor for the version, case and last slash of its path (§A1, §A2)', async () => {
    for (const action of ['', '*', '"urn:wrong"', 'unquoted'])
      expect((await start({ FileName: 'a' }, { headers: { soapaction: action } })).get('State')).toBe('Started');
    for (const path of ['/uploads/2014/07/soap/basic', '/Uploads/2019/03/SOAP/Basic/'])
      expect((await start({ FileName: 'a' }, { path })).get('State')).toBe('Started');
    expect((await start({ FileName: 'a' }, { path: '/Uploads/2014/07/SOAP/WS/' })).status).toBe(404);
  });

  it.each(['/Uploads/2014/07/SOAP/WSDL/', `${basic}?wsdl`, `${basic}?singleWsdl`, '/Uploads/2014/07/SOAP/?WSDL'])(
    'describes itself at %s',
    async (path) => {
      const response = await fetch(server.url + path);
      const wsdl = await response.text();
      expect(response.headers.get('content-type')).toMatch(/^text\/xml/);
      expect(wsdl).toContain(`<soap:address location="${server.url}${basic}"`);
      expect(wsdl).not.toMatch(/schemaLocation/);
      for (const operation of [
        'StartFileUpload',
        'AppendChunk',
        'CompleteFileUpload',
        'CancelFileUpload',
        'GetFileUploadStatus',
      ])
        expect(wsdl).toContain(`name="${operation}"`);
    },
  );

  it('refuses hostile XML and goes on', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>`;
    const external = `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>`;
    for (const prolog of [bomb, external]) {
      const answer = await post(envelope('<t:GetFileUploadStatus/>').replace('?>', `?>${prolog}`));
      expect(answer.status).toBe(400);
      expect(answer.xml).not.toContain('root:');
    }
    const deep = `${'<t:x>'.repeat(10_000)}${'</t:x>'.repeat(10_000)}`;
    expect((await call(`<t:GetFileUploadStatus>${deep}</t:GetFileUploadStatus>`)).status).toBeGreaterThanOrEqual(400);
    expect((await call('<t:NoSuchThing/>')).status).toBe(500);
    expect((await post('not xml at all')).status).toBe(400);
    expect((await start({ FileName: 'a' })).status).toBe(200);
  });

  it('says that it goes down while it drains', async () => {
    const token = await begin();
    await server.host.engine.drain();
    expect((await append(token, 0, ten)).status).toBe(503);
  });
});
