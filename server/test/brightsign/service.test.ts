import { describe, expect, it } from 'vitest';
import { as } from '../memory-server.js';
import { argsOf, basic, D, envelope, T, ten, tokenOf, useDesk } from './desk.js';

const { append, begin, call, post, start, server } = useDesk();

describe('who calls (§A3)', () => {
  it.each(['Acme/alice', 'alice', 'Other/alice'])('%s is known', async (user) => {
    expect((await start({ FileName: 'a' }, { user })).get('State')).toBe('Started');
  });

  const profile = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText';
  const encoding = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary';
  const utility = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
  it.each<[string, (bare: string) => string]>([
    ['the type of its password', (bare) => bare.replace('<w:Password>', `<w:Password Type="${profile}">`)],
    [
      'a nonce, a time, an id, and that it must be understood',
      (bare) =>
        bare
          .replace('<w:Security', `<w:Security e:mustUnderstand="1" xmlns:u="${utility}"`)
          .replace('<w:UsernameToken>', '<w:UsernameToken u:Id="token-1">')
          .replace('</w:UsernameToken>', `<w:Nonce EncodingType="${encoding}">MTIzNDU=</w:Nonce>$&`)
          .replace('</w:UsernameToken>', '<u:Created>2026-01-01T00:00:00Z</u:Created>$&'),
    ],
    ['its name last', (bare) => bare.replace(/(<w:Username>.*?<\/w:Username>)(<w:Password>.*?<\/w:Password>)/, '$2$1')],
  ])('a UsernameToken may have %s', async (_what, change) => {
    const security = change(tokenOf('Acme/alice', 'secret'));
    expect(security).not.toBe(tokenOf('Acme/alice', 'secret'));
    expect((await start({ FileName: 'a' }, { security })).get('State')).toBe('Started');
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
      const response = await fetch(server().url + path);
      const wsdl = await response.text();
      expect(response.headers.get('content-type')).toMatch(/^text\/xml/);
      expect(wsdl).toContain(`<soap:address location="${server().url}${basic}"`);
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
    await server().host.engine.drain();
    expect((await append(token, 0, ten)).status).toBe(503);
  });
});
