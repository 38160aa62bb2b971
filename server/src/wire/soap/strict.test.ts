import { expect, test } from 'vitest';
import { build, exchangeOf, soap11, T } from '../../../test/soap/service.js';
import { element, SoapFault } from './index.js';

const strict = {
  strict: true,
  ignoreCase: false,
  mirror: false,
  dispatch: 'action',
  resultName: (name: string) => `${name}Result`,
};

const send = async (text: string, headers: Record<string, string> = {}, more: object = {}) => {
  const { made } = build({ ...strict, ...more });
  return made.call(exchangeOf([Buffer.from(text)], { 'content-type': 'text/xml', ...headers }));
};

const append = (inside: string, name = 'Append', namespace = T) =>
  soap11(`<t:${name} xmlns:t="${namespace}" xmlns:o="urn:o">${inside}</t:${name}>`);
const action = { soapaction: `"${T}Append"` };
const call = append(
  '<o:token>no</o:token><token>no</token><t:token>yes</t:token><o:data>bm8=</o:data><t:data>eWVz</t:data>',
);

test('parameters count in the service’s namespace only, bytes among them', async () => {
  expect((await send(call)).body).toContain('<AppendResult>yes|yes|undefined|false</AppendResult>');
  expect((await send(call, {}, { strict: false })).body).toContain('<AppendResult>no|no|');
});

test('an action that is named decides alone in SOAP 1.1; in an element called otherwise are no parameters', async () => {
  const nothing = '<AppendResult>|undefined|undefined|false</AppendResult>';
  for (const other of [append('<t:token>x</t:token>', 'Other'), append('<t:token>x</t:token>', 'Append', 'urn:other')])
    expect((await send(other, action)).body).toContain(nothing);
  expect((await send(call, { soapaction: '"urn:other"' })).status).toBe(500);
  expect((await send(call, { soapaction: '""' })).status).toBe(200);
  const soap12 = { 'content-type': 'application/soap+xml', soapaction: '"urn:other"' };
  expect((await send(call, soap12)).status).toBe(200);
  expect((await send(append('', 'Append', 'urn:other'))).status).toBe(500);
});

test('a fault may bring header blocks of its own', async () => {
  const failed = () => new SoapFault({ code: 'Server', reason: 'No.', headers: [element('x', { xmlns: 'urn:x' })] });
  const { body } = await send(append('', 'Other'), {}, { failed });
  expect(body).toContain('<s:Header><x xmlns="urn:x" /></s:Header><s:Body><s:Fault>');
});
