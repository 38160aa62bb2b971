import { element, type XmlOutElement } from '../xml/writer.js';
import { isSingle } from './answer.js';
import { nameOf } from './objects.js';
import type { Operation } from './operation.js';
import type { ServiceTable } from './service.js';
import type { AnyType } from './types.js';

export const WSDL_HTTP = 'http://schemas.xmlsoap.org/wsdl/http/';
export const WSDL_MIME = 'http://schemas.xmlsoap.org/wsdl/mime/';

/** What a WSDL says of the plain HTTP bindings, each at its place. */
export interface HttpBindings {
  readonly messages: readonly XmlOutElement[];
  readonly portTypes: readonly XmlOutElement[];
  readonly bindings: readonly XmlOutElement[];
  readonly ports: readonly XmlOutElement[];
}

const request = {
  GET: element('http:urlEncoded'),
  POST: element('mime:content', { type: 'application/x-www-form-urlencoded' }),
};

/** A document of the dialect's own, rather than one that the schema describes? */
const isAny = ({ shape }: AnyType) => shape.kind === 'any';

const resultOf = ({ result }: Operation<never>) => (isSingle(result) ? result : undefined);

/** Results that stand alone in an answer of the plain HTTP bindings, and so need an element of the schema. */
export const httpResults = ({ operations }: ServiceTable): readonly AnyType[] =>
  Object.values(operations)
    .filter(({ http }) => http.length > 0)
    .flatMap((operation) => resultOf(operation) ?? [])
    .filter((result) => !isAny(result));

const binding = (spec: ServiceTable, verb: 'GET' | 'POST', address: string): HttpBindings => {
  const suffix = verb === 'GET' ? 'HttpGet' : 'HttpPost';
  const name = `${spec.name}${suffix}`;
  const offered = Object.entries(spec.operations).filter(([, { http }]) => http.includes(verb));
  if (offered.length === 0) return { messages: [], portTypes: [], bindings: [], ports: [] };

  // Every parameter is a string: arrays of bytes would need a schema from outside, which clients try to download.
  const messages = offered.flatMap(([operation, table]) => {
    const result = resultOf(table);
    const answer = result && (isAny(result) ? {} : { element: `tns:${nameOf(result)}` });
    return [
      element(
        'wsdl:message',
        { name: `${operation}${suffix}In` },
        ...Object.keys(table.params).map((name) => element('wsdl:part', { name, type: 'xsd:string' })),
      ),
      element(
        'wsdl:message',
        { name: `${operation}${suffix}Out` },
        ...(answer ? [element('wsdl:part', { name: 'Body', ...answer })] : []),
      ),
    ];
  });

  const described = offered.map(([operation, { doc }]) =>
    element(
      'wsdl:operation',
      { name: operation },
      ...(doc === '' ? [] : [element('wsdl:documentation', {}, doc)]),
      element('wsdl:input', { message: `tns:${operation}${suffix}In` }),
      element('wsdl:output', { message: `tns:${operation}${suffix}Out` }),
    ),
  );

  const answered = (result: AnyType | undefined) => {
    if (!result) return [];
    return [
      isAny(result)
        ? element('mime:content', { part: 'Body', type: 'text/xml' })
        : element('mime:mimeXml', { part: 'Body' }),
    ];
  };
  const bound = offered.map(([operation, table]) =>
    element(
      'wsdl:operation',
      { name: operation },
      element('http:operation', { location: `/${operation}` }),
      element('wsdl:input', {}, request[verb]),
      element('wsdl:output', {}, ...answered(resultOf(table))),
    ),
  );

  return {
    messages,
    portTypes: [element('wsdl:portType', { name }, ...described)],
    bindings: [element('wsdl:binding', { name, type: `tns:${name}` }, element('http:binding', { verb }), ...bound)],
    ports: [element('wsdl:port', { name, binding: `tns:${name}` }, element('http:address', { location: address }))],
  };
};

/** Describes the plain HTTP bindings of those operations that offer them; nothing where none does. */
export const httpBindings = (spec: ServiceTable, address: string): HttpBindings => {
  const [get, post] = [binding(spec, 'GET', address), binding(spec, 'POST', address)];
  return {
    messages: [...get.messages, ...post.messages],
    portTypes: [...get.portTypes, ...post.portTypes],
    bindings: [...get.bindings, ...post.bindings],
    ports: [...get.ports, ...post.ports],
  };
};
