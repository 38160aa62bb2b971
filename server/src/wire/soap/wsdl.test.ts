import { expect, test } from 'vitest';
import { readElement } from '../xml/build.js';
import { xmlReader } from '../xml/reader.js';
import { attributeOf, childOf, type XmlElement } from '../xml/tree.js';
import {
  bytes,
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

const describe = async (flavour: typeof wcf) => {
  const made = service<null>({
    ...flavour,
    name: 'Uploads',
    namespace: T,
    dataNamespace: D,
    path: '/Basic/',
    operations,
    types: [Unused],
    context: () => null,
  });
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
    [['namespace', T]],
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
        ['sequence', ['element', 'data', 'xsd:base64Binary', '0', '1'], ['element', 'ids', 'd1:ArrayOfInt', '0', '1']],
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
    ['message', 'ProblemFault', ['part', 'fault', 'd1:Problem']],
  ]);
  expect(all(root, 'body').map((each) => [attributeOf(each, 'use'), attributeOf(each, 'namespace')])).toContainEqual([
    'literal',
    T,
  ]);
  expect(all(root, 'binding').map((each) => attributeOf(each, 'style'))).toContain('rpc');
  expect(attributeOf(childOf(childOf(root, 'portType'), 'operation') ?? root, 'parameterOrder')).toBe('args');
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
