import { element, type XmlOut, type XmlOutElement, xmlDocument } from '../xml/writer.js';
import { outputMembers } from './answer.js';
import type { FaultType } from './fault.js';
import { nameOf } from './objects.js';
import type { Operation } from './operation.js';
import { namedTypes, type SchemaPlace, schema, sequence, typeDefinition, typeReference, XSD } from './schema.js';
import type { ServiceTable } from './service.js';
import type { AnyType, Members } from './types.js';
import { httpResults } from './wsdl-http.js';

/** An operation, and what its messages are called. */
export interface DescribedOperation {
  readonly name: string;
  readonly operation: Operation<never>;
  /** The members of its answer. */
  readonly outputs: Members;
  readonly input: string;
  readonly output: string;
}

/** What a WSDL and its schemas are made of. */
export interface Description {
  readonly operations: readonly DescribedOperation[];
  readonly faults: readonly FaultType[];
  readonly place: SchemaPlace;
  /** One schema each. That of the operations comes first. */
  readonly namespaces: readonly string[];
  readonly qualified: boolean;
  /** What stands in the schema of a namespace. */
  contentOf(namespace: string): readonly XmlOutElement[];
}

/** Describes a service: its operations, and the types that they lead to. */
export const describe = (spec: ServiceTable): Description => {
  const rpc = spec.style === 'rpc';
  const data = spec.dataNamespace ?? spec.namespace;
  const operations: readonly DescribedOperation[] = Object.entries(spec.operations).map(([name, operation]) => ({
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
    nilReferences: spec.describesReferences,
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
      for (const type of httpResults(spec)) if (!made.has(nameOf(type))) add(nameOf(type), type, type.minOccurs === 0);
    return [...made.values()];
  };

  const contentOf = (namespace: string): readonly XmlOutElement[] => [
    ...(namespace === spec.namespace ? wrappers : []),
    ...types.filter((each) => each.namespace === namespace).map(({ type }) => typeDefinition(type, place)),
    ...globals(namespace),
  ];
  return {
    operations,
    faults: [...faults.values()],
    place,
    namespaces: spaces,
    qualified: spec.qualified,
    contentOf,
  };
};

/** Prefixes of the types that these elements, and those in them, refer to. */
const prefixesIn = (nodes: readonly XmlOut[]): ReadonlySet<string> => {
  const found = new Set<string>();
  const visit = (node: XmlOut): void => {
    if (typeof node === 'string' || !('name' in node)) return;
    for (const reference of [node.attributes.type, node.attributes.base])
      if (typeof reference === 'string') found.add(reference.slice(0, reference.indexOf(':')));
    for (const child of node.children) visit(child);
  };
  for (const node of nodes) visit(node);
  return found;
};

const schemaOf = (
  { namespaces, place, qualified, contentOf }: Description,
  namespace: string,
  { locationOf, attributes }: { locationOf?: (namespace: string) => string; attributes?: Record<string, string> } = {},
): XmlOutElement => {
  const content = contentOf(namespace);
  const used = prefixesIn(content);
  const imports = namespaces
    .filter((each) => each !== namespace && used.has(place.prefixOf(each)))
    .map((each) => ({ namespace: each, ...(locationOf && { location: locationOf(each) }) }));
  return schema({ namespace, qualified, imports, ...(attributes && { attributes }) }, content);
};

/** The schemas in a WSDL; with `locationOf` each is a shell that imports its document from there. */
export const schemas = (
  description: Description,
  locationOf?: (namespace: string) => string,
): readonly XmlOutElement[] =>
  locationOf
    ? description.namespaces.map((namespace) =>
        element('xsd:schema', {}, element('xsd:import', { namespace, schemaLocation: locationOf(namespace) })),
      )
    : description.namespaces.map((namespace) => schemaOf(description, namespace));

/** The number of a namespace's schema, from 1 on: that of the operations is the last, as JAX-WS has it. */
export const schemaNumber = ({ namespaces }: Description, namespace: string): number =>
  namespaces.length - namespaces.indexOf(namespace);

/** The schema of this number, as a document of its own; undefined where there is none. */
export const schemaDocument = (
  description: Description,
  number: number,
  locationOf: (namespace: string) => string,
): string | undefined => {
  const { namespaces, place } = description;
  const namespace = namespaces[namespaces.length - number];
  if (namespace === undefined) return undefined;
  const prefixes = [XSD, ...namespaces].map((each) => [`xmlns:${place.prefixOf(each)}`, each] as const);
  return xmlDocument(schemaOf(description, namespace, { locationOf, attributes: Object.fromEntries(prefixes) }));
};
