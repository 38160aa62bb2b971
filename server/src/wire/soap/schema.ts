import { element, type XmlOutElement } from '../xml/writer.js';
import { nameOf } from './objects.js';
import type { AnyType, Members } from './types.js';

export const XSD = 'http://www.w3.org/2001/XMLSchema';

/** Prefixes of the namespaces that a WSDL speaks of. */
export type PrefixOf = (namespace: string) => string;

/** Where types without a namespace of their own lie. */
export interface SchemaPlace {
  readonly data: string;
  readonly prefixOf: PrefixOf;
  /** Is what .NET holds by reference described as optional and nillable? */
  readonly nilReferences: boolean;
}

const namespaceOf = ({ shape }: AnyType, data: string): string => {
  if (shape.kind === 'object' || shape.kind === 'list') return shape.namespace ?? data;
  return shape.kind === 'choice' && shape.name !== undefined ? data : XSD;
};

/** The types that `roots` lead to and that a schema describes by name: each once, with its namespace. */
export const namedTypes = (
  roots: readonly AnyType[],
  data: string,
): readonly { readonly namespace: string; readonly type: AnyType }[] => {
  const found = new Map<string, { namespace: string; type: AnyType }>();
  const visit = (type: AnyType): void => {
    const { shape } = type;
    if (shape.kind === 'repeated') return visit(shape.item);
    const namespace = namespaceOf(type, data);
    if (namespace === XSD) return;
    const key = `${namespace} ${nameOf(type)}`;
    const known = found.has(key);
    if (!known) found.set(key, { namespace, type });
    if (shape.kind === 'object') {
      for (const derived of shape.derived) visit(derived);
      if (known) return;
      if (shape.base) visit(shape.base);
      for (const member of Object.values(shape.own)) visit(member);
    }
    if (shape.kind === 'list' && !known) visit(shape.item);
  };
  for (const root of roots) visit(root);
  return [...found.values()];
};

/** The name of a type with its prefix: `xsd:string`, `d:Status`. */
export const typeReference = (type: AnyType, { data, prefixOf }: SchemaPlace): string => {
  const inner = type.shape.kind === 'repeated' ? type.shape.item : type;
  return `${prefixOf(namespaceOf(inner, data))}:${nameOf(inner)}`;
};

const documented = (doc: string) =>
  doc === '' ? [] : [element('xsd:annotation', {}, element('xsd:documentation', {}, doc))];

/** Is a value of this type one that .NET holds by reference? */
const isReference = ({ shape }: AnyType): boolean =>
  shape.kind === 'simple' ? shape.xsd === 'string' : shape.kind !== 'choice' && shape.kind !== 'repeated';

/** The element of a member, as it stands in a sequence. */
export const memberElement = (name: string, type: AnyType, place: SchemaPlace): XmlOutElement => {
  const { shape } = type;
  const mayBeNil = place.nilReferences && isReference(type);
  const attributes = {
    minOccurs: mayBeNil ? '0' : String(type.minOccurs),
    maxOccurs: shape.kind === 'repeated' ? 'unbounded' : '1',
    name,
    nillable: mayBeNil || type.nillable ? 'true' : undefined,
  };
  if (shape.kind === 'any') {
    const any = element('xsd:sequence', {}, element('xsd:any'));
    return element(
      'xsd:element',
      attributes,
      ...documented(type.doc),
      element('xsd:complexType', { mixed: 'true' }, any),
    );
  }
  if (shape.kind === 'choice' && shape.name === undefined)
    return element('xsd:element', attributes, ...documented(type.doc), choiceType(undefined, shape.choices));
  return element('xsd:element', { ...attributes, type: typeReference(type, place) }, ...documented(type.doc));
};

const choiceType = (name: string | undefined, choices: readonly string[]) =>
  element(
    'xsd:simpleType',
    { name },
    element(
      'xsd:restriction',
      { base: 'xsd:string' },
      ...choices.map((value) => element('xsd:enumeration', { value })),
    ),
  );

/** The sequence of `members`. */
export const sequence = (members: Members, place: SchemaPlace): XmlOutElement =>
  element('xsd:sequence', {}, ...Object.entries(members).map(([name, type]) => memberElement(name, type, place)));

/** The definition of a type that `namedTypes` found. */
export const typeDefinition = (type: AnyType, place: SchemaPlace): XmlOutElement => {
  const { shape } = type;
  const name = nameOf(type);
  if (shape.kind === 'choice') return choiceType(name, shape.choices);
  if (shape.kind === 'list') {
    const item = memberElement(shape.itemName, shape.item, place);
    const items = { ...item, attributes: { ...item.attributes, minOccurs: '0', maxOccurs: 'unbounded' } };
    return element('xsd:complexType', { name }, element('xsd:sequence', {}, items));
  }
  if (shape.kind !== 'object') return element('xsd:complexType', { name });
  const own = sequence(shape.own, place);
  if (!shape.base) return element('xsd:complexType', { name }, ...documented(shape.doc), own);
  const extension = element('xsd:extension', { base: typeReference(shape.base, place) }, own);
  return element('xsd:complexType', { name }, ...documented(shape.doc), element('xsd:complexContent', {}, extension));
};

/** A schema of one namespace, importing others by name, and from their location where they have one. */
export const schema = (
  {
    namespace,
    qualified,
    imports,
    attributes = {},
  }: {
    readonly namespace: string;
    readonly qualified: boolean;
    readonly imports: readonly { readonly namespace: string; readonly location?: string }[];
    readonly attributes?: Readonly<Record<string, string>>;
  },
  content: readonly XmlOutElement[],
): XmlOutElement =>
  element(
    'xsd:schema',
    {
      ...attributes,
      elementFormDefault: qualified ? 'qualified' : 'unqualified',
      targetNamespace: namespace,
    },
    ...imports.map((each) => element('xsd:import', { namespace: each.namespace, schemaLocation: each.location })),
    ...content,
  );
