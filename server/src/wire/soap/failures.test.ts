import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  append,
  build,
  chunk,
  exchangeOf,
  include,
  mtom,
  part,
  send,
  soap11,
  start,
  T,
} from '../../../test/soap/service.js';
import { BodyCut } from '../../http/exchange.js';
import { xmlReader } from '../xml/reader.js';
import type { SoapFailure, XmlElement } from './index.js';

test('a described fault, in both versions', async () => {
  const request = start('<args><FileName></FileName></args>');
  const one = await send(request);
  expect(one).toMatchObject({ status: 500, headers: { 'content-type': 'text/xml; charset=utf-8' } });
  expect(one.body).toContain(
    `<s:Fault><faultcode>s:Client</faultcode><faultstring xml:lang="en-US">No.</faultstring><detail><UploadFault xmlns="${T}"><Message>Empty &lt;name&gt;</Message></UploadFault></detail></s:Fault>`,
  );
  const two = await send(
    request.replace('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'),
  );
  expect(two).toMatchObject({ status: 500, headers: { 'content-type': 'application/soap+xml; charset=utf-8' } });
  expect(two.body).toContain(
    '<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang="en-US">No.</s:Text></s:Reason><s:Detail>',
  );
});

test.each([
  ['garbage base64', append('<data>aG*k</data>'), 400],
  ['a cut base64', append('<data>aGk</data>'), 400],
  ['an element in the bytes', append('<data>aGkh<b/></data>'), 500],
  ['a DOCTYPE', `<!DOCTYPE a>${append('')}`, 400],
  ['half a message', chunk.slice(0, -30), 400],
  ['no envelope', '<a/>', 400],
  ['no body', '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>', 400],
  ['an empty body', soap11(''), 400],
  ['another version', append('').replace('schemas.xmlsoap.org', 'example.test'), 500],
  ['an unknown operation', soap11('<Nope/>'), 500],
  ['a bad number', append('<part>1x</part>'), 500],
  ['a number out of range', append('<offset>9007199254740993</offset>'), 500],
  ['a bad flag', append('<last>maybe</last>'), 500],
  ['a bad choice', start('<args><ContentType>Smell</ContentType></args>'), 500],
  ['a big small thing', start(`<args><FileThumb>${'A'.repeat(200)}</FileThumb></args>`), 500],
  ['a parameter too long', append(`<token>${'x'.repeat(2 ** 20 + 1)}</token>`), 413],
  ['elements too deep', append(`<token>${'<a>'.repeat(80)}${'</a>'.repeat(80)}</token>`), 413],
])('%s is refused with a fault', async (_, request, status) => {
  const reply = await send(request);
  expect(reply.status).toBe(status);
  expect(reply.body).toContain(
    status === 500 && request.includes('example.test/soap') ? 's:VersionMismatch' : 's:Client',
  );
});

test('a refusal names the place', async () => {
  const reply = await send(start('<args><Things><Thing><Id>1</Id></Thing><Thing><Id>x</Id></Thing></Things></args>'));
  expect(reply.body).toContain('args.Things.[1].Id is not a whole number: "x".');
});

test('a cut body and a broken dialect are told apart', async () => {
  const seen: SoapFailure[] = [];
  const failed = (failure: SoapFailure) => {
    seen.push(failure);
    return undefined;
  };
  const { made } = build({ failed });
  const cut = async function* () {
    yield Buffer.from(chunk.slice(0, 320));
    throw new BodyCut('gone');
  };
  await made.call({ ...exchangeOf([]), body: cut });
  const broken = build({
    failed,
    context: () => {
      throw new TypeError('a bug');
    },
  });
  const reply = await broken.made.call(exchangeOf([Buffer.from(chunk)]));
  expect(reply).toMatchObject({ status: 500 });
  expect(reply.body).toContain('<faultcode>s:Server</faultcode>');
  expect(reply.body).not.toContain('a bug');
  expect(seen.map(({ kind }) => kind)).toEqual(['cut', 'refused']);
  expect(seen[1]?.cause).toBeInstanceOf(TypeError);
});

test('a header that must be understood and is not', async () => {
  const { made } = build({ understands: ({ local }: XmlElement) => local !== 'Odd' });
  const request = (local: string) =>
    soap11('<Append/>', `<s:Header><${local} s:mustUnderstand="1" xmlns="urn:h"/></s:Header>`);
  expect((await made.call(exchangeOf([Buffer.from(request('Odd'))]))).body).toContain('s:MustUnderstand');
  expect(await made.call(exchangeOf([Buffer.from(request('Even'))]))).toMatchObject({ status: 200 });
});

test('whatever is done to a message, there is an answer, and it is XML', async () => {
  const seeds = [
    Buffer.from(chunk),
    Buffer.from(
      start('<args i:type="UpdateArgs"><FileName>a</FileName><Things><Thing><Id>1</Id></Thing></Things></args>'),
    ),
    mtom([append(`<data>${include('a')}</data>`), part('a', 'hi')]).body,
  ];
  const edit = fc.record({
    at: fc.nat(),
    cut: fc.nat({ max: 12 }),
    add: fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '&',
        ']]>',
        '<![CDATA[',
        '<!--',
        '<?x?>',
        '</',
        '=',
        '"',
        '&#0;',
        '\r\n--B',
        '<!DOCTYPE a>',
      ),
      fc.string({ maxLength: 4 }),
    ),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 2 }),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 60 }),
      async (seed, edits, size) => {
        const spoilt = edits.reduce((bytes, { at, cut, add }) => {
          const place = at % (bytes.length + 1);
          return Buffer.concat([bytes.subarray(0, place), Buffer.from(add), bytes.subarray(place + cut)]);
        }, seeds[seed] ?? Buffer.alloc(0));
        const { made } = build();
        const cuts = Array.from({ length: Math.ceil(spoilt.length / size) }, (_, n) =>
          spoilt.subarray(n * size, (n + 1) * size),
        );
        const reply = await made.call(exchangeOf(cuts, seed === 2 ? mtom([]).headers : undefined));
        expect([200, 400, 413, 415, 500]).toContain(reply.status);
        if (reply.status === 415 || seed === 2) return;
        const reader = xmlReader(
          (async function* () {
            yield Buffer.from(String(reply.body));
          })(),
        );
        for (let event = await reader.next(); event; event = await reader.next());
      },
    ),
    { numRuns: 300 },
  );
});
