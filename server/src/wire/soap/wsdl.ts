import { element, type XmlOutElement, xmlDocument } from '../xml/writer.js';
import { outputMembers } from './answer.js';
import { actionOf } from './calls.js';
import type { FaultType } from './fault.js';
import { nameOf } from './objects.js';
import type { Operation } from './operation.js';
import { namedTypes, type SchemaPlace, schema, sequence, typeDefinition, typeReference, XSD } from './schema.js';
import type { ServiceTable } from './service.js';
import type { AnyType, Members } from './types.js';
import { httpBindings, WSDL_HTTP, WSDL_MIME } from './wsdl-http.js';

const WSDL = 'http://schemas.xmlsoap.org/wsdl/';
const SOAP = 'http://schemas.xmlsoap.org/wsdl/soap/';
const SOAP12 = 'http://schemas.xmlsoap.org/wsdl/soap12/';
const WSAW = 'http://www.w3.org/2006/05/addressing/wsdl';
const HTTP_TRANSPORT = 'http://schemas.xmlsoap.org/soap/http';

interface Described {
  readonly name: string;
  readonly operation: Operation<never>;
  readonly outputs: Members;
  readonly input: string;
  readonly output: string;
}

const documentation = (doc: string) => (doc === '' ? [] : [element('wsdl:documentation', {}, doc)]);

/**
 * The WSDL 1.1 of a service, as one document that refers to nothing outside: `address` is where its ports are.
 * Bindings are document/literal wrapped or rpc/literal, as the service's style says.
 */
export const wsdlDocument = (spec: ServiceTable, address: string): string => {
  const rpc = spec.style === 'rpc';
  const data = spec.dataNamespace ?? spec.namespace;
  const names = spec.names(spec.name);
  const http = httpBindings(spec, address);
  const operations: readonly Described[] = Object.entries(spec.operations).map(([name, operation]) => ({
    name,
    operation,
    outputs: outputMembers(name, operation, spec),
    input: rpc ? name : `${name}SoapIn`,
    output: rpc ? `${name}Response` : `${name}SoapOut`,
  }));
  const faults = new Map(
    operations.flatMap(({ operation: { fault } }) => (fault ? [[fault.name, fault] as const] : [])),
  );
  const roots = operations.flatMap(({ operation, outputs }) => [
    ...Object.values(operation.params),
    ...Object.values(outputs),
  ]);
  const types = namedTypes([...roots, ...[...faults.values()].map(({ type }) => type), ...(spec.types ?? [])], data);

  const spaces = [...new Set([spec.namespace, data, ...types.map(({ namespace }) => namespace)])];
  const prefixes = new Map(spaces.map((namespace, n) => [namespace, n === 0 ? 'tns' : `d${n}`]));
  const place: SchemaPlace = {
    data,
    prefixOf: (namespace) => (namespace === XSD ? 'xsd' : (prefixes.get(namespace) ?? 'tns')),
  };

  const wrappers = rpc
    ? []
    : operations.flatMap(({ name, operation, outputs }) => [
        element('xsd:element', { name }, element('xsd:complexType', {}, sequence(operation.params, place))),
        element('xsd:element', { name: `${name}Response` }, element('xsd:complexType', {}, sequence(outputs, place))),
      ]);

  /** Elements at the top of a schema: of each named type, as WCF has it, of faults, and of results that stand alone. */
  const globals = (namespace: string): XmlOutElement[] => {
    const made = new Map<string, XmlOutElement>();
    const add = (name: string, type: AnyType, nillable: boolean) =>
      made.set(
        name,
        element('xsd:element', { name, nillable: nillable ? 'true' : undefined, type: typeReference(type, place) }),
      );
    if (spec.describesTypeElements)
      for (const each of types) if (each.namespace === namespace) add(nameOf(each.type), each.type, true);
    if (namespace === data) for (const { name, type } of faults.values()) if (!made.has(name)) add(name, type, false);
    if (namespace === spec.namespace)
      for (const type of http.results) if (!made.has(nameOf(type))) add(nameOf(type), type, type.minOccurs === 0);
    return [...made.values()];
  };

  const schemas = spaces.map((namespace) =>
    schema({ namespace, qualified: spec.qualified, imports: spaces.filter((each) => each !== namespace) }, [
      ...(namespace === spec.namespace ? wrappers : []),
      ...types.filter((each) => each.namespace === namespace).map(({ type }) => typeDefinition(type, place)),
      ...globals(namespace),
    ]),
  );

  const faultMessage = (name: string) => `${name}Fault`;
  const message = (name: string, members: Members, wrapper: string) =>
    element(
      'wsdl:message',
      { name },
      ...(rpc
        ? Object.entries(members).map(([part, type]) =>
            element('wsdl:part', { name: part, type: typeReference(type, place) }),
          )
        : [element('wsdl:part', { name: 'parameters', element: `tns:${wrapper}` })]),
    );
  const faultPart = ({ name }: FaultType) =>
    element(
      'wsdl:message',
      { name: faultMessage(name) },
      element('wsdl:part', { name: rpc ? 'fault' : 'detail', element: `${place.prefixOf(data)}:${name}` }),
    );
  const messages = [
    ...operations.flatMap(({ name, operation, outputs, input, output }) => [
      message(input, operation.params, name),
      message(output, outputs, `${name}Response`),
    ]),
    ...[...faults.values()].map(faultPart),
    ...http.messages,
  ];

  const action = (name: string) => (spec.describesActions ? { 'wsaw:Action': actionOf(spec, name) } : {});
  const portType = element(
    'wsdl:portType',
    { name: names.portType },
    ...operations.map(({ name, operation: { doc, fault, params }, input, output }) =>
      element(
        'wsdl:operation',
        { name, parameterOrder: rpc && Object.keys(params).length > 0 ? Object.keys(params).join(' ') : undefined },
        ...documentation(doc),
        element('wsdl:input', { ...action(name), message: `tns:${input}` }),
        element('wsdl:output', { ...action(`${name}Response`), message: `tns:${output}` }),
        ...(fault ? [element('wsdl:fault', { name: fault.name, message: `tns:${faultMessage(fault.name)}` })] : []),
      ),
    ),
  );

  const binding = (prefix: 'soap' | 'soap12', name: string) => {
    const body = element(`${prefix}:body`, { use: 'literal', namespace: rpc ? spec.namespace : undefined });
    return element(
      'wsdl:binding',
      { name, type: `tns:${names.portType}` },
      element(`${prefix}:binding`, { transport: HTTP_TRANSPORT, style: spec.style }),
      ...operations.map(({ name, operation: { fault } }) =>
        element(
          'wsdl:operation',
          { name },
          element(`${prefix}:operation`, { soapAction: actionOf(spec, name), style: spec.style }),
          element('wsdl:input', {}, body),
          element('wsdl:output', {}, body),
          ...(fault
            ? [
                element(
                  'wsdl:fault',
                  { name: fault.name },
                  element(`${prefix}:fault`, { name: fault.name, use: 'literal' }),
                ),
              ]
            : []),
        ),
      ),
    );
  };

  const port = (prefix: 'soap' | 'soap12', { binding, port }: { readonly binding: string; readonly port: string }) =>
    element(
      'wsdl:port',
      { name: port, binding: `tns:${binding}` },
      element(`${prefix}:address`, { location: address }),
    );

  const versions = spec.versions ?? ['1.1', '1.2'];
  const bound = [
    ...(versions.includes('1.1') ? [{ prefix: 'soap', names: names.soap11 } as const] : []),
    ...(versions.includes('1.2') ? [{ prefix: 'soap12', names: names.soap12 } as const] : []),
  ];

  return xmlDocument(
    element(
      'wsdl:definitions',
      {
        'xmlns:wsdl': WSDL,
        'xmlns:soap': SOAP,
        'xmlns:soap12': SOAP12,
        'xmlns:http': http.ports.length > 0 ? WSDL_HTTP : undefined,
        'xmlns:mime': http.ports.length > 0 ? WSDL_MIME : undefined,
        'xmlns:xsd': XSD,
        'xmlns:wsaw': spec.describesActions ? WSAW : undefined,
        ...Object.fromEntries([...prefixes].map(([namespace, prefix]) => [`xmlns:${prefix}`, namespace])),
        name: spec.name,
        targetNamespace: spec.namespace,
      },
      ...documentation(spec.doc ?? ''),
      element('wsdl:types', {}, ...schemas),
      ...messages,
      portType,
      ...http.portTypes,
      ...bound.map(({ prefix, names }) => binding(prefix, names.binding)),
      ...http.bindings,
      element(
        'wsdl:service',
        { name: spec.name },
        ...bound.map(({ prefix, names }) => port(prefix, names)),
        ...http.ports,
      ),
    ),
  );
};
