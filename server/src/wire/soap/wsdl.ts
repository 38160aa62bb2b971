import { element, xmlDocument } from '../xml/writer.js';
import { actionOf } from './calls.js';
import type { FaultType } from './fault.js';
import { typeReference, XSD } from './schema.js';
import type { ServiceTable } from './service.js';
import type { Members } from './types.js';
import { httpBindings, WSDL_HTTP, WSDL_MIME } from './wsdl-http.js';
import { describe, schemas } from './wsdl-schemas.js';

const WSDL = 'http://schemas.xmlsoap.org/wsdl/';
const SOAP = 'http://schemas.xmlsoap.org/wsdl/soap/';
const SOAP12 = 'http://schemas.xmlsoap.org/wsdl/soap12/';
const WSAW = 'http://www.w3.org/2006/05/addressing/wsdl';
const HTTP_TRANSPORT = 'http://schemas.xmlsoap.org/soap/http';

const documentation = (doc: string) => (doc === '' ? [] : [element('wsdl:documentation', {}, doc)]);

/** Where the documents of schemas are, by namespace: they are imported from there, rather than in the WSDL itself. */
export type SchemaLocations = (namespace: string) => string;

/**
 * The WSDL 1.1 of a service: `address` is where its ports are. Without `imported` it is one document that refers to nothing
 * outside. Bindings are document/literal wrapped or rpc/literal, as the service's style says.
 */
export const wsdlDocument = (spec: ServiceTable, address: string, imported?: SchemaLocations): string => {
  const rpc = spec.style === 'rpc';
  const names = spec.names(spec.name);
  const http = httpBindings(spec, address);
  const description = describe(spec);
  const { operations, faults, place, namespaces } = description;
  const data = place.data;

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
      { name: spec.faultMessage(name) },
      element('wsdl:part', { name: rpc ? 'fault' : 'detail', element: `${place.prefixOf(data)}:${name}` }),
    );
  const messages = [
    ...operations.flatMap(({ name, operation, outputs, input, output }) => [
      message(input, operation.params, name),
      message(output, outputs, `${name}Response`),
    ]),
    ...faults.map(faultPart),
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
        ...(fault
          ? [element('wsdl:fault', { name: fault.name, message: `tns:${spec.faultMessage(fault.name)}` })]
          : []),
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
        ...Object.fromEntries(namespaces.map((each) => [`xmlns:${place.prefixOf(each)}`, each])),
        name: spec.name,
        targetNamespace: spec.namespace,
      },
      ...documentation(spec.doc ?? ''),
      element('wsdl:types', {}, ...schemas(description, imported)),
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
