import { expect, test } from 'vitest';
import { readElement } from '../xml/build.js';
import { xmlReader } from '../xml/reader.js';
import { attributeOf, childOf, type XmlElement } from '../xml/tree.js';
import {
  anyXml,
  asmx,
  bytes,
  bytesOut,
  choice,
  int,
  jaxWs,
  list,
  nillable,
  object,
  operationsWith,
  optional,
  polymorphic,
  service,
  text,
  wcf,
} from './index.js';

const operation = operationsWith<null>();
const T = 'https://example.test/SOAP/';
const D = 'Example.Data';

const Base = object(
  'Base',
  { Kind: choice(['A', 'B'], { name: 'Kind' }), Size: optional(int()) },
  { doc: 'A <base>.' },
);
const Derived = object('Derived', { Items: nillable(list(Base, 'Base')) }, { extends: Base });
const Unused = object('Unused', { Id: int() });
const Problem = { name: 'Problem', type: object('Problem', { Message: text() }) };

const operations = {
  Start: operation({
    doc: 'Starts & more.',
    params: { args: nillable(polymorphic(Base, [Derived])) },
    result: int(),
    fault: Problem,
    run: async () => 0,
  }),
  Append: operation({ doc: '', params: { data: bytes(), ids: list(int(), 'int') }, run: async () => undefined }),
};

const parse = async (document: unknown): Promise<XmlElement> => {
  const source = async function* () {
    yield Buffer.from(String(document));
  };
  const reader = xmlReader(source());
  const root = await reader.next();
  if (root?.type !== 'open') throw new Error('no document');
  return readElement(reader, root, 2 ** 20);
};

const all = (element: XmlElement, local: string): XmlElement[] =>
  element.children.flatMap((child) => [...(child.local === local ? [child] : []), ...all(child, local)]);
const named = (elements: readonly XmlElement[], name: string) =>
  elements.find((each) => attributeOf(each, 'name') === name);
const outline = (element: XmlElement | undefined): unknown =>
  element && [
    element.local,
    ...['name', 'type', 'base', 'element', 'minOccurs', 'maxOccurs', 'nillable', 'value'].flatMap(
      (name) => attributeOf(element, name) ?? [],
    ),
    ...element.children.map(outline),
  ];

const imported = (element: XmlElement) => [attributeOf(element, 'namespace'), attributeOf(element, 'schemaLocation')];

const serviceOf = (flavour: typeof wcf) =>
  service<null>({
    ...flavour,
    name: 'Uploads',
    namespace: T,
    dataNamespace: D,
    path: '/Basic/',
    operations,
    types: [Unused],
    context: () => null,
  });

const describe = async (flavour: typeof wcf) => {
  const made = serviceOf(flavour);
  const reply = made.wsdl({ origin: 'https://a.test/<&>' });
  expect(reply).toMatchObject({ status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' } });
  return parse(reply.body);
};

test('document/literal in two namespaces, for WCF', async () => {
  const root = await describe(wcf);
  const schemas = all(root, 'schema');
  expect(
    schemas.map((each) => [attributeOf(each, 'targetNamespace'), attributeOf(each, 'elementFormDefault')]),
  ).toEqual([
    [T, 'qualified'],
    [D, 'qualified'],
  ]);
  const imports = all(root, 'import');
  expect(imports.map((each) => each.attributes.map(({ local, value }) => [local, value]))).toEqual([
    [['namespace', D]],
  ]);
  const [service, data] = schemas;
  expect(service?.children.filter(({ local }) => local === 'element').map(outline)).toEqual([
    ['element', 'Start', ['complexType', ['sequence', ['element', 'args', 'd1:Base', '0', '1', 'true']]]],
    ['element', 'StartResponse', ['complexType', ['sequence', ['element', 'StartResult', 'xsd:int', '1', '1']]]],
    [
      'element',
      'Append',
      [
        'complexType',
        [
          'sequence',
          ['element', 'data', 'xsd:base64Binary', '0', '1', 'true'],
          ['element', 'ids', 'd1:ArrayOfInt', '0', '1', 'true'],
        ],
      ],
    ],
    ['element', 'AppendResponse', ['complexType', ['sequence']]],
  ]);
  expect(outline(named(data?.children ?? [], 'Derived'))).toEqual([
    'complexType',
    'Derived',
    [
      'complexContent',
      ['extension', 'd1:Base', ['sequence', ['element', 'Items', 'd1:ArrayOfBase', '0', '1', 'true']]],
    ],
  ]);
  expect(outline(named(data?.children ?? [], 'Kind'))).toEqual([
    'simpleType',
    'Kind',
    ['restriction', 'xsd:string', ['enumeration', 'A'], ['enumeration', 'B']],
  ]);
  const globals = data?.children.filter(({ local }) => local === 'element');
  expect(globals?.map((each) => attributeOf(each, 'name')).sort()).toEqual([
    'ArrayOfBase',
    'ArrayOfInt',
    'Base',
    'Derived',
    'Kind',
    'Problem',
    'Unused',
  ]);
  expect(new Set(globals?.map((each) => attributeOf(each, 'nillable')))).toEqual(new Set(['true']));
  const portType = childOf(root, 'portType');
  expect(
    attributeOf(portType?.children[0]?.children[1] ?? root, 'Action', 'http://www.w3.org/2006/05/addressing/wsdl'),
  ).toBe(`${T}Start`);
  expect(all(root, 'fault').map((each) => attributeOf(each, 'name'))).toContain('Problem');
  expect(all(root, 'address').map((each) => attributeOf(each, 'location'))).toEqual(
    Array(2).fill('https://a.test/<&>/Basic/'),
  );
  expect(all(root, 'operation').flatMap((each) => attributeOf(each, 'soapAction') ?? [])).toEqual([
    `${T}Start`,
    `${T}Append`,
    `${T}Start`,
    `${T}Append`,
  ]);
});

test('rpc/literal: parts have types, members no namespace', async () => {
  const root = await describe(jaxWs);
  expect(attributeOf(childOf(childOf(root, 'types'), 'schema') ?? root, 'elementFormDefault')).toBe('unqualified');
  expect(root.children.filter(({ local }) => local === 'message').map(outline)).toEqual([
    ['message', 'Start', ['part', 'args', 'd1:Base']],
    ['message', 'StartResponse', ['part', 'return', 'xsd:int']],
    ['message', 'Append', ['part', 'data', 'xsd:base64Binary'], ['part', 'ids', 'd1:ArrayOfInt']],
    ['message', 'AppendResponse'],
    ['message', 'Problem', ['part', 'fault', 'd1:Problem']],
  ]);
  expect(all(root, 'body').map((each) => [attributeOf(each, 'use'), attributeOf(each, 'namespace')])).toContainEqual([
    'literal',
    T,
  ]);
  expect(all(root, 'binding').map((each) => attributeOf(each, 'style'))).toContain('rpc');
  expect(attributeOf(childOf(childOf(root, 'portType'), 'operation') ?? root, 'parameterOrder')).toBe('args');
});

test('schemas as documents of their own, numbered as JAX-WS does', async () => {
  const made = serviceOf(jaxWs);
  const here = { origin: 'https://a.test' };
  const root = await parse(made.wsdl(here, { schemas: 'imported' }).body);
  expect(all(root, 'schema').map(({ attributes, children }) => [attributes.length, children.map(imported)])).toEqual([
    [0, [[T, 'https://a.test/Basic/?xsd=2']]],
    [0, [[D, 'https://a.test/Basic/?xsd=1']]],
  ]);
  const data = await parse(made.schema(here, 1)?.body);
  expect([attributeOf(data, 'targetNamespace'), attributeOf(data, 'elementFormDefault')]).toEqual([D, 'unqualified']);
  expect(outline(named(data.children, 'Derived'))).toEqual([
    'complexType',
    'Derived',
    [
      'complexContent',
      ['extension', 'd1:Base', ['sequence', ['element', 'Items', 'd1:ArrayOfBase', '0', '1', 'true']]],
    ],
  ]);
  expect(attributeOf(await parse(made.schema(here, 2)?.body), 'targetNamespace')).toBe(T);
  for (const number of [0, 3, -1, 1.5, Number.NaN]) expect(made.schema(here, number)).toBeUndefined();
});

test('the plain HTTP bindings of operations that offer them', async () => {
  const offered = {
    Upload: operation({
      doc: 'Adds.',
      params: { ids: list(int(), 'int'), data: bytes() },
      result: anyXml(),
      http: ['GET', 'POST'],
      run: async () => undefined,
    }),
    Download: operation({
      doc: '',
      params: { Path: text() },
      result: bytesOut(),
      http: ['GET'],
      run: async () => (async function* () {})(),
    }),
    Forget: operation({ doc: '', params: {}, http: ['GET'], run: async () => undefined }),
    SoapOnly: operation({ doc: '', params: {}, result: int(), run: async () => 0 }),
  };
  const spec = { ...asmx, name: 'srv', namespace: T, path: '/srv.asmx', operations: offered, context: () => null };
  const root = await parse(service<null>(spec).wsdl({ origin: 'https://a.test' }).body);
  const names = (local: string) =>
    root.children.filter((each) => each.local === local).map((each) => attributeOf(each, 'name'));
  expect(names('portType')).toEqual(['srvSoap', 'srvHttpGet', 'srvHttpPost']);
  expect(names('binding')).toEqual(['srvSoap', 'srvSoap12', 'srvHttpGet', 'srvHttpPost']);
  expect(all(root, 'port').map((each) => attributeOf(each, 'name'))).toEqual(names('binding'));
  expect(all(root, 'address').map((each) => attributeOf(each, 'location'))).toEqual(
    Array(4).fill('https://a.test/srv.asmx'),
  );
  expect(
    root.children
      .filter(({ local }) => local === 'message')
      .map(outline)
      .slice(8),
  ).toEqual([
    ['message', 'UploadHttpGetIn', ['part', 'ids', 'xsd:string'], ['part', 'data', 'xsd:string']],
    ['message', 'UploadHttpGetOut', ['part', 'Body']],
    ['message', 'DownloadHttpGetIn', ['part', 'Path', 'xsd:string']],
    ['message', 'DownloadHttpGetOut', ['part', 'Body', 'tns:base64Binary']],
    ['message', 'ForgetHttpGetIn'],
    ['message', 'ForgetHttpGetOut'],
    ['message', 'UploadHttpPostIn', ['part', 'ids', 'xsd:string'], ['part', 'data', 'xsd:string']],
    ['message', 'UploadHttpPostOut', ['part', 'Body']],
  ]);
  const schema = all(root, 'schema')[0];
  expect(outline(named(schema?.children ?? [], 'base64Binary'))).toEqual([
    'element',
    'base64Binary',
    'xsd:base64Binary',
    'true',
  ]);
  expect(outline(named(schema?.children ?? [], 'UploadResponse'))).toEqual([
    'element',
    'UploadResponse',
    ['complexType', ['sequence', ['element', 'UploadResult', '0', '1', ['complexType', ['sequence', ['any']]]]]],
  ]);
  const outlines = (binding: string) =>
    named(
      root.children.filter(({ local }) => local === 'binding'),
      binding,
    )?.children.map((each) => [
      each.local,
      attributeOf(each, 'verb') ?? attributeOf(each, 'name'),
      ...each.children.map((inner) => [
        inner.local,
        attributeOf(inner, 'location'),
        ...inner.children.map(({ local, namespace, attributes }) => [
          local,
          namespace,
          ...attributes.map(({ value }) => value),
        ]),
      ]),
    ]);
  const [HTTP, MIME] = ['http://schemas.xmlsoap.org/wsdl/http/', 'http://schemas.xmlsoap.org/wsdl/mime/'];
  const urlEncoded = ['input', undefined, ['urlEncoded', HTTP]];
  const xml = ['output', undefined, ['content', MIME, 'Body', 'text/xml']];
  expect(outlines('srvHttpGet')).toEqual([
    ['binding', 'GET'],
    ['operation', 'Upload', ['operation', '/Upload'], urlEncoded, xml],
    ['operation', 'Download', ['operation', '/Download'], urlEncoded, ['output', undefined, ['mimeXml', MIME, 'Body']]],
    ['operation', 'Forget', ['operation', '/Forget'], urlEncoded, ['output', undefined]],
  ]);
  expect(outlines('srvHttpPost')).toEqual([
    ['binding', 'POST'],
    [
      'operation',
      'Upload',
      ['operation', '/Upload'],
      ['input', undefined, ['content', MIME, 'application/x-www-form-urlencoded']],
      xml,
    ],
  ]);
  expect(String(service<null>({ ...spec, operations }).wsdl({ origin: '' }).body)).not.toContain('HttpGet');
});

test('the help page escapes what it shows', async () => {
  const hostile = operation({
    doc: '<script>alert(1)</script>',
    params: { '<b>': text({ doc: '"&' }) },
    run: async () => undefined,
  });
  const made = service<null>({
    ...wcf,
    name: 'X',
    namespace: T,
    path: '/x',
    operations: { Hostile: hostile },
    context: () => null,
  });
  const page = String(made.help({ origin: 'http://a.test' }).body);
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).not.toContain('<script>');
  expect(page).not.toContain('<b>');
});
