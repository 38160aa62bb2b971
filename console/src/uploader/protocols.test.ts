import type { About } from 'longshore/api';
import { expect, test } from 'vitest';
import { endpointsOf, missingField } from './protocols.js';

const about = (dialects: Readonly<Record<string, string>>): About => ({
  ...{ name: 'Longshore', version: '1', uptimeSeconds: 1 },
  dialects: Object.entries(dialects).map(([name, url]) => ({
    ...{ name, title: name, doc: '', samples: [] },
    endpoints: [{ url, what: '' }],
  })),
});

test('addresses are those that the client library wants, and only those that the page can reach', () => {
  const spoken = about({
    tus: 'https://up.example/files/',
    fourshared: 'https://up.example/jax2/DesktopApp?wsdl',
    interfax: 'https://up.example/fax/dfs.asmx',
    api2convert: 'https://other.example/v2',
    unheard: 'https://up.example/unheard',
  });
  expect(endpointsOf(spoken, new URL('https://up.example/#/upload'))).toEqual({
    tus: 'https://up.example/files/',
    fourshared: 'https://up.example',
    interfax: 'https://up.example/fax',
  });
});

test('behind a proxy with https the page’s own scheme counts', () => {
  const spoken = about({ tus: 'http://up.example/files/' });
  expect(endpointsOf(spoken, new URL('https://up.example/'))).toEqual({ tus: 'https://up.example/files/' });
});

test('a fax wants a number', () => {
  expect(missingField({ protocol: 'interfax', values: { fax: ' ' } })?.name).toBe('fax');
  expect(missingField({ protocol: 'interfax', values: { fax: '+1' } })).toBeUndefined();
  expect(missingField({ protocol: 'inforouter', values: {} })).toBeUndefined();
});
