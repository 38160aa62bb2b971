import { expect, test } from 'vitest';
import { isReadable } from './links.js';

test.each([
  ['http://host/dfs.asmx?WSDL', 'Web service, WSDL', true],
  ['http://host/jax3/DesktopApp?wsdl', 'Drive, WSDL (jax3)', true],
  ['http://host/Uploads/2014/07/SOAP/WSDL/', 'Content Upload, WSDL', true],
  ['http://host/v2/openapi.json', 'OpenAPI document', true],
  ['http://host/files/', 'tus 1.0 with every extension', false],
  ['http://host/main/upload.jsp', 'Parts of files', false],
])('%s is something to look at: %s', (url, what, readable) => {
  expect(isReadable(url, what)).toBe(readable);
});
