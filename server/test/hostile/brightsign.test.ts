import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { appendChunk, brightsignPath, envelope, getStatus, textOf, withArgs } from '../crash/brightsign-words.js';
import { sha1 } from '../crash/site.js';
import { besiege, call, flood, post, type Said, secret, stranger } from './siege.js';

besiege();

const content = Buffer.from('0123456789'.repeat(10));
let token: string;
beforeEach(async () => {
  const started = await call(withArgs('StartFileUpload', { FileName: 'lake.png', FileSize: content.length }));
  token = secret(textOf(started.xml, 'UploadToken') ?? '');
});

const startNamed = (name: string) => withArgs('StartFileUpload', { FileName: name, FileSize: 1 });
const withDoctype = (message: string, doctype: string) => message.replace('?>', `?><!DOCTYPE a [${doctype}]>`);

/** A fault in an envelope, and not the server's own trouble. */
const expectFault = ({ status, fault, xml }: Said, words: RegExp): void => {
  expect([400, 500]).toContain(status);
  expect(fault).toMatch(words);
  expect(textOf(xml, 'faultcode')).toMatch(/Client|FailedAuthentication|InvalidSecurity/);
};

/** The upload stands as it was begun, and comes to its end. */
const expectUnharmed = async (): Promise<void> => {
  expect(textOf((await call(getStatus(token))).xml, 'State')).toBe('Started');
  expect((await call(appendChunk(token, 0, content.toString('base64')))).fault).toBeNull();
  const done = await call(withArgs('CompleteFileUpload', { UploadToken: token, SHA1Hash: sha1(content) }));
  expect(textOf(done.xml, 'State')).toBe('Completed');
};

describe('XML that is made to hurt', () => {
  it('is not expanded: a billion laughs', async () => {
    const laughs = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(
      (level) => `<!ENTITY lol${level} "${`&lol${level - 1};`.repeat(10)}">`,
    );
    const message = withDoctype(envelope(startNamed('&lol9;')), `<!ENTITY lol0 "lol">${laughs.join('')}`);
    expectFault(await post(message), /DOCTYPE/);
  });

  it('reads no files: an external entity', async () => {
    const message = withDoctype(envelope(startNamed('&file;')), '<!ENTITY file SYSTEM "file:///etc/passwd">');
    const said = await post(message);
    expectFault(said, /DOCTYPE/);
    expect(said.xml).not.toContain('root:');
    expectFault(await call(startNamed('&file;')), /entity/);
  });

  it('goes only so deep, and so wide', async () => {
    const nested = `${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}`;
    expectFault(await call(`<t:StartFileUpload><t:args>${nested}</t:args></t:StartFileUpload>`), /deep/);
    expectFault(await call(nested), /no operation/);
    const attributes = Array.from({ length: 10_000 }, (_, index) => `a${index}="1"`).join(' ');
    expectFault(await call(`<t:StartFileUpload ${attributes}/>`), /attributes/);
  });

  const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
  const begun = `POST ${brightsignPath} HTTP/1.1\r\nhost: x\r\ncontent-type: text/xml\r\ntransfer-encoding: chunked\r\n\r\n`;
  const insideBody = (start: string) => envelope(start).replace('</e:Body></e:Envelope>', '');
  const piece = 'A'.repeat(65_536);
  it.each([
    ['text', insideBody('<t:StartFileUpload><t:args><d:FileName>'), piece],
    ['attribute', insideBody('<t:StartFileUpload><t:args><d:FileName a="'), piece],
    ['element name', insideBody('<t:StartFileUpload><t:args><d:'), piece],
    ['comment', insideBody('<!-- '), piece],
    ['section of character data', insideBody('<t:StartFileUpload><![CDATA['), piece],
    ['processing instruction', insideBody('<?x '), piece],
    ['list of elements', envelope('').replace(/<\/e:Header>.*/, ''), '<x>a</x>'.repeat(8192)],
    ['row of blanks', '', ' '.repeat(65_536)],
  ])('ends where it has too much of it: an endless %s', async (_, start, more) => {
    const { answer, sent } = await flood(begun + (start && chunk(start)), chunk(more), { most: 200 * 2 ** 20 });
    expect(sent).toBeLessThan(200 * 2 ** 20);
    expect(answer).toMatch(/^HTTP\/1\.1 [45]/);
    expect(textOf(answer, 'Message')).toMatch(/more than \d+ (characters|elements)/);
  });

  it('is not unpacked without end', async () => {
    const start = insideBody('<t:StartFileUpload><t:args><d:FileName>');
    for (const filler of [65, 32]) {
      const bomb = gzipSync(Buffer.concat([Buffer.from(start), Buffer.alloc(200 * 2 ** 20, filler)]));
      expectFault(await post(bomb, { 'content-encoding': 'gzip' }), /more than \d+ characters/);
    }
    expectFault(await post('no gzip', { 'content-encoding': 'gzip' }), /compressed body/);
  });
});

describe('chunks that cannot be', () => {
  it.each(['!!!!', 'QUJD*REVG', 'QQ==QQ==', 'Q', '=', 'QUJD=', 'éé'])('base64 %s', async (base64) => {
    expectFault(await call(appendChunk(token, 0, base64)), /base64/);
    await expectUnharmed();
  });

  it.each([
    [-1, /must not be negative/],
    [95, /beyond the end of the file/],
    [100, /beyond the end of the file/],
    [Number.MAX_SAFE_INTEGER - 1, /beyond the end of the file/],
    [2 ** 53, /out of range/],
    [1e20, /out of range/],
    [-1e20, /out of range/],
    [1.5, /not a whole number/],
  ])('ten bytes at offset %d', async (offset, words) => {
    expectFault(await call(appendChunk(token, offset, content.toString('base64', 0, 10))), words);
    await expectUnharmed();
  });

  it('one that never ends is refused where the file does', async () => {
    const start = envelope(`<t:AppendChunk><t:uploadToken>${token}</t:uploadToken><t:data>`);
    const head = `POST ${brightsignPath} HTTP/1.1\r\nhost: x\r\ncontent-type: text/xml\r\ntransfer-encoding: chunked\r\n\r\n`;
    const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
    const base64 = 'QUJD'.repeat(16_384);
    const { answer } = await flood(head + chunk(start.replace('</e:Body></e:Envelope>', '')), chunk(base64), {
      most: 200 * 2 ** 20,
    });
    expect(textOf(answer, 'Message')).toMatch(/beyond the end of the file/);
    await expectUnharmed();
  });
});

describe('arguments that cannot be', () => {
  it.each([
    ['-1', /must not be negative/],
    ['5000000001', /greater than 5000000000/],
    ['99999999999999999999', /out of range/],
    ['1e9', /not a whole number/],
    ['NaN', /not a whole number/],
  ])('FileSize %s', async (size, words) => {
    expectFault(await call(withArgs('StartFileUpload', { FileName: 'a.png', FileSize: size })), words);
  });

  it.each(['../../etc/passwd', '..\\..\\x', '/etc/passwd', '..', '.', 'con:', 'x'.repeat(5000), '&#0;', '\u0001'])(
    'FileName %s',
    async (name) => expectFault(await call(startNamed(name)), /file name|character/),
  );

  it.each(['\\..\\..\\etc\\', '../../../', '\\a'.repeat(100), '/\u0001/'])('VirtualPath %s', async (path) => {
    const args = { FileName: 'a.png', FileSize: 1, VirtualPath: path };
    expectFault(await call(withArgs('StartFileUpload', args)), /virtual path|character/);
  });

  it.each(['../../etc/passwd', '%2e%2e', 'a/b', 'x'.repeat(10_000), 'é', ' ', "' OR 1=1 --"])(
    'upload token %s',
    async (other) => {
      expectFault(await call(appendChunk(other, 0, 'QUJD')), /no upload/);
      expectFault(await call(withArgs('CompleteFileUpload', { UploadToken: other })), /no upload/);
      expect(textOf((await call(getStatus(other))).xml, 'State')).toBeNull();
    },
  );
});

describe('somebody else', () => {
  it('does not learn of an upload, and cannot touch it', async () => {
    expectFault(await call(appendChunk(token, 0, 'QUJD'), stranger), /no upload/);
    expectFault(await call(withArgs('CompleteFileUpload', { UploadToken: token }), stranger), /no upload/);
    expect(textOf((await call(getStatus(token), stranger)).xml, 'State')).toBeNull();
    const cancel = `<t:CancelFileUpload><t:uploadToken>${token}</t:uploadToken></t:CancelFileUpload>`;
    expect(textOf((await call(cancel, stranger)).xml, 'State')).toBeNull();
    await expectUnharmed();
  });

  it('is not let in with a wrong password', async () => {
    const wrong = { login: stranger.login, password: secret('not the password') };
    expectFault(await call(getStatus(token), wrong), /could not be validated/);
    expectFault(await call(appendChunk(token, 0, 'QUJD'), wrong), /could not be validated/);
    await expectUnharmed();
  });
});

describe('MTOM', () => {
  const include = '<i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:x"/>';
  const root = () =>
    `--b\r\nContent-Type: application/xop+xml; type="text/xml"\r\nContent-ID: <r>\r\n\r\n${envelope(appendChunk(token, 0, include))}\r\n`;
  const send = (boundary: string, body: string) =>
    post(body, {
      'content-type': `multipart/related; type="application/xop+xml"; boundary="${boundary}"; start="<r>"; start-info="text/xml"`,
    });

  it.each([
    ['no end', 'b', '--b\r\nContent-ID: <x>\r\n\r\n0123456789', /not whole/],
    ['no second part', 'b', '', /not whole/],
    ['another boundary', 'c', '', /not whole/],
    ['an empty boundary', '', '', /boundary/],
    ['a boundary too long', 'b'.repeat(5000), '', /boundary/],
    ['another part than it names', 'b', '--b\r\nContent-ID: <y>\r\n\r\n01\r\n--b--', /not there/],
    ['an endless field', 'b', `--b\r\nX: ${'y'.repeat(1_000_000)}\r\n\r\n01\r\n--b--`, /bytes of header fields/],
    ['too many bytes', 'b', `--b\r\nContent-ID: <x>\r\n\r\n${'x'.repeat(200)}\r\n--b--`, /beyond the end/],
  ])('with %s is refused', async (_, boundary, rest, words) => {
    expectFault(await send(boundary, root() + rest), words);
    await expectUnharmed();
  });
});
