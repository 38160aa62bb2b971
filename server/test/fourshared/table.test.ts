import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourshared } from '../../src/dialects/fourshared/dialect.js';
import { childOf, onlyChild, readXml, type Xml } from '../inforouter/xml.js';
import { type Server, serve } from '../memory-server.js';
import { type Row, rows } from './table.js';

// Every operation of specs/fourshared.md §5, as the WSDL has it and as it answers.

const namespace = 'http://api.soap.shared.pmstation.com/';
const soap = 'http://schemas.xmlsoap.org/soap/envelope/';

let server: Server;
beforeAll(async () => {
  server = await serve({ dialect: fourshared });
});
afterAll(() => server.close());

const read = async (path: string): Promise<Xml> => {
  const reply = await fetch(server.url + path);
  expect(reply.status).toBe(200);
  expect(reply.headers.get('content-type')).toMatch(/^text\/xml/);
  return readXml(await reply.text());
};

const named = (within: Xml, kind: string, name: string): Xml => {
  const found = within.children.find((each) => each.name === kind && each.attributes.name === name);
  if (!found) throw new Error(`${within.name} has no ${kind} ${name}`);
  return found;
};
const local = (qualified: string | undefined): string => qualified?.replace(/^.*:/, '') ?? '';
const all = (within: Xml, kind: string): Xml[] => within.children.filter((each) => each.name === kind);

const rowsOf = (version: string): readonly Row[] => rows.filter(({ later }) => version === 'jax3' || !later);

/** Fields of each type, in order, as `name:type`, with `?` where they may be left out and `*` where there may be many (§4). */
const types: Readonly<Record<string, readonly string[]>> = {
  accountItem: [
    'date:dateTime?',
    'directory:boolean',
    'downloadCount:int',
    'downloadLink:string?',
    'empty:boolean',
    'id:long',
    'md5:string?',
    'name:string?',
    'parentId:long',
    'removed:boolean',
    'shared:boolean',
    'size:long',
    'version:int',
  ],
  accountItemArray: ['item:accountItem*'],
  faultBean: ['details:string?', 'exceptionClass:string?'],
  fileUploadInfo: ['fileId:long', 'freeSpace:long', 'maxFileSize:long', 'message:string?', 'uploadUrl:string?'],
  dirHistoryDTO: [
    'compId:string?',
    'date:dateTime?',
    'dirId:long?',
    'fileId:long?',
    'id:long',
    'operation:int',
    'parentDirId:long',
    'sourceDirId:long?',
    'sourceFileId:long?',
  ],
  dirHistoryDTOArray: ['item:dirHistoryDTO*'],
  dirHistoryDTOArrayArray: ['item:dirHistoryDTOArray*'],
  exifInfo: [
    'dateTime:string?',
    'empty:boolean',
    'fileId:long',
    'heigth:string?',
    'make:string?',
    'model:string?',
    'width:string?',
  ],
  exifInfoArray: ['item:exifInfo*'],
  mp3Info: [
    'album:string?',
    'artist:string?',
    'bitrate:int',
    'empty:boolean',
    'fileId:long',
    'genre:string?',
    'length:int',
    'preciseLength:float',
    'sampleRate:int',
    'title:string?',
    'track:int',
    'year:int',
  ],
  mp3InfoArray: ['item:mp3Info*'],
  settingsGroup: ['groupId:int', 'groupName:string?', 'translatedName:string?'],
  settingsGroupArray: ['item:settingsGroup*'],
  userSetting: [
    'editable:boolean',
    'id:int',
    'name:string?',
    'possibleValues:string*',
    'title:string?',
    'type:string?',
    'value:string?',
  ],
  userSettings: ['settings:userSetting*', 'settingsGroup:settingsGroup?'],
  userSettingsArray: ['item:userSettings*'],
  sharedFolderProperties: [
    'createSubFolders:boolean',
    'delete:boolean',
    'disableAnonimUpload:boolean',
    'emailOnUpload:boolean',
    'embed:boolean',
    'fileProperties:boolean',
    'moderator:boolean',
    'onlyPublic:boolean',
    'password:string?',
    'publicSearch:boolean',
    'search:boolean',
    'shared:boolean',
    'subdomainAllowed:boolean',
    'subdomainName:string?',
    'thumbNailOn:boolean',
    'updateFiles:boolean',
    'upload:boolean',
    'viewModeDetails:boolean',
    'viewSubfolders:boolean',
    'webGrab:boolean',
  ],
  sharedFolderPropertiesArray: ['item:sharedFolderProperties*'],
  stringArray: ['item:string*'],
  longArray: ['item:long*'],
};

/** What jax2 has not. */
const newer: Readonly<Record<string, readonly string[]>> = {
  accountItem: ['empty:boolean', 'version:int'],
  dirHistoryDTO: ['compId:string?'],
};
const arrays = ['stringArray', 'longArray'];

const typesOf = (version: string): Record<string, readonly string[]> =>
  Object.fromEntries(
    Object.entries(types)
      .filter(([name]) => version === 'jax3' || !['fileUploadInfo', 'faultBean'].includes(name))
      .map(([name, fields]) => [name, fields.filter((each) => version === 'jax3' || !newer[name]?.includes(each))]),
  );

const describedIn = (schema: Xml): Record<string, string[]> =>
  Object.fromEntries(
    all(schema, 'complexType').map((type) => [
      type.attributes.name ?? '',
      childOf(type, 'sequence').children.map(({ attributes }) => {
        const many = attributes.maxOccurs === 'unbounded' ? '*' : '?';
        return `${attributes.name}:${local(attributes.type)}${attributes.minOccurs === '0' ? many : ''}`;
      }),
    ]),
  );

const sorted = (record: Record<string, unknown>) =>
  Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));

describe.each([
  ['jax2', 84],
  ['jax3', 94],
] as const)('%s', (version, count) => {
  const path = `/${version}/DesktopApp`;

  test.each(['?wsdl', '?WSDL', '?singleWsdl'])('the WSDL: %s', async (query) => {
    const wsdl = await read(path + query);
    expect([wsdl.name, wsdl.attributes.name, wsdl.attributes.targetNamespace]).toEqual([
      'definitions',
      'DesktopAppJax2Service',
      namespace,
    ]);
    const portType = named(wsdl, 'portType', 'DesktopAppJax2');
    const binding = named(wsdl, 'binding', 'DesktopAppJax2PortBinding');
    const port = named(named(wsdl, 'service', 'DesktopAppJax2Service'), 'port', 'DesktopAppJax2Port');
    expect(childOf(port, 'address').attributes.location).toBe(server.url + path);
    expect(childOf(binding, 'binding').attributes).toEqual({
      transport: 'http://schemas.xmlsoap.org/soap/http',
      style: 'rpc',
    });
    const expected = rowsOf(version);
    expect(expected).toHaveLength(count);
    expect(
      all(portType, 'operation')
        .map(({ attributes }) => attributes.name)
        .sort(),
    ).toEqual(expected.map(({ name }) => name).sort());
    const parts = (message: string) =>
      named(wsdl, 'message', message).children.map(({ attributes: { name, type } }) => [name, local(type)]);
    for (const { name, takes, gives, fault } of expected) {
      const operation = named(portType, 'operation', name);
      expect([name, parts(name)]).toEqual([name, takes.map((type, n) => [`arg${n}`, type])]);
      expect([name, parts(`${name}Response`)]).toEqual([name, gives === '' ? [] : [['return', gives]]]);
      expect(operation.attributes.parameterOrder ?? '').toBe(takes.map((_, n) => `arg${n}`).join(' '));
      expect([name, all(operation, 'fault').map(({ attributes }) => local(attributes.message))]).toEqual([
        name,
        fault && version === 'jax3' ? ['ApiException'] : [],
      ]);
      const bound = named(binding, 'operation', name);
      expect(childOf(bound, 'operation').attributes.soapAction).toBe('');
      for (const way of ['input', 'output'])
        expect(onlyChild(childOf(bound, way)).attributes).toEqual({ use: 'literal', namespace });
    }
    const fault = wsdl.children.filter(({ attributes }) => attributes.name === 'ApiException').map(onlyChild);
    expect(fault.map(({ attributes }) => [attributes.name, local(attributes.element)])).toEqual(
      version === 'jax3' ? [['fault', 'ApiException']] : [],
    );
  });

  test('its two schemas, in it and as documents of their own', async () => {
    const expected = typesOf(version);
    const here = [await read(`${path}?xsd=1`), await read(`${path}?XSD=2`)];
    const inside = all(childOf(await read(`${path}?singleWsdl`), 'types'), 'schema');
    for (const [first, second] of [here, inside.toReversed()]) {
      expect([first?.attributes.targetNamespace, second?.attributes.targetNamespace]).toEqual([
        'http://jaxb.dev.java.net/array',
        namespace,
      ]);
      expect(first && sorted(describedIn(first))).toEqual(
        sorted(Object.fromEntries(Object.entries(expected).filter(([name]) => arrays.includes(name)))),
      );
      expect(second && sorted(describedIn(second))).toEqual(
        sorted(Object.fromEntries(Object.entries(expected).filter(([name]) => !arrays.includes(name)))),
      );
    }
    const shells = all(childOf(await read(`${path}?wsdl`), 'types'), 'schema').map(onlyChild);
    expect(shells.map(({ attributes }) => [attributes.namespace, attributes.schemaLocation])).toEqual([
      [namespace, `${server.url}${path}?xsd=2`],
      ['http://jaxb.dev.java.net/array', `${server.url}${path}?xsd=1`],
    ]);
    expect((await fetch(`${server.url}${path}?xsd=3`)).status).toBe(404);
  });

  /** What an argument is, where nothing else is asked for. */
  const argument = (type: string, n: number): string => {
    if (type === 'string') return n === 0 ? 'alice' : n === 1 ? 'secret' : 'x';
    if (type === 'boolean') return 'false';
    if (type === 'longArray') return '<item>7</item><item>8</item>';
    return type === 'long' || type === 'int' ? '1' : '';
  };

  const call = async ({ name, takes }: Row): Promise<{ status: number; body: Xml; type: string | null }> => {
    const args = takes.map((type, n) => `<arg${n}>${argument(type, n)}</arg${n}>`).join('');
    const reply = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'text/xml;charset=utf-8', soapaction: '""' },
      body: `<S:Envelope xmlns:S="${soap}"><S:Body><q:${name} xmlns:q="${namespace}">${args}</q:${name}></S:Body></S:Envelope>`,
    });
    const envelope = readXml(await reply.text());
    return {
      status: reply.status,
      body: onlyChild(childOf(envelope, 'Body')),
      type: reply.headers.get('content-type'),
    };
  };

  const simple: Readonly<Record<string, RegExp>> = {
    string: /^.*$/,
    long: /^-?\d+$/,
    int: /^-?\d+$/,
    float: /^-?\d+(\.\d+)?$/,
    boolean: /^(true|false)$/,
    dateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  };

  /** Is this a value of the type, as a typed client needs it: unqualified, in order, and whole? */
  const prove = (value: Xml, type: string): void => {
    expect([value.namespace, value.attributes]).toEqual(['', {}]);
    const form = simple[type];
    if (form) return void expect(value.text).toMatch(form);
    const fields = typesOf(version)[type]?.map((each) => /^(\w+):(\w+)([?*]?)$/.exec(each) ?? []) ?? [];
    expect(fields.length).toBeGreaterThan(0);
    const order = fields.map(([, name]) => name);
    const places = value.children.map(({ name }) => order.indexOf(name));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    for (const [, name, inner = '', marks] of fields) {
      const found = all(value, name ?? '');
      if (marks !== '*') expect(found.length).toBeLessThanOrEqual(1);
      if (marks === '') expect([name, found.length]).toEqual([name, 1]);
      for (const each of found) prove(each, inner);
    }
  };

  /** Operations that say no to what is not there with a fault. */
  const refused = new Set([
    ...['getItems', 'getItemsPartial', 'getItemsCount', 'getFileDescription', 'getDirDescription'],
    ...['setFileDescription', 'setDirDescription', 'getPreviewLink', 'getVideoPreviewLink', 'getSmallImageLink'],
  ]);

  test.each(rowsOf(version).map((row) => [row.name, row] as const))('%s answers', async (name, row) => {
    const { status, body, type } = await call(row);
    expect(type).toBe('text/xml;charset=utf-8');
    if (refused.has(name)) {
      expect([status, body.name, childOf(body, 'faultcode').text]).toEqual([500, 'Fault', 'S:Server']);
      expect(childOf(body, 'faultstring').text).not.toBe('');
      if (version === 'jax2') return expect(all(body, 'detail')).toEqual([]);
      const detail = onlyChild(childOf(body, 'detail'));
      expect([detail.namespace, detail.name]).toEqual([namespace, 'ApiException']);
      expect(detail.children.map((each) => [each.namespace, each.name])).toEqual([
        ['', 'details'],
        ['', 'exceptionClass'],
      ]);
      return;
    }
    expect([status, body.namespace, body.name]).toEqual([200, namespace, `${name}Response`]);
    if (row.gives === '') return expect(body.children).toEqual([]);
    const result = onlyChild(body);
    expect(result.name).toBe('return');
    prove(result, row.gives);
  });
});
