import { attributeOf, type XmlElement, XSI } from '../xml/tree.js';
import { element, type XmlOut } from '../xml/writer.js';
import type { Scope } from './scope.js';
import type { AnyType, Facets, Members, Reading, Shape, Type, ValueOf, Values } from './types.js';
import { BadValue, facetsOf, readMember, within, writeMember } from './types.js';

/** A complex type: its values are objects with the members as properties. */
export interface ObjectType<M extends Members> extends Type<Values<M>> {
  readonly shape: Extract<Shape, { kind: 'object' }>;
  /** The base's members first, then its own: the order in which they are written. */
  readonly members: M;
}

/** Reads members from an element's children: by local name, in any order, the first of a name counting. */
export const readMembers = (members: Members, from: XmlElement, reading: Reading): Record<string, unknown> => {
  const key = (name: string) => (reading.ignoreCase ? name.toLowerCase() : name);
  const { namespace } = reading;
  const children = from.children
    .filter((child) => namespace === undefined || child.namespace === namespace)
    .map((child) => [key(child.local), child] as const);
  const values: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(members)) {
    const names = [name, ...type.aka].map(key);
    // A type's own name goes before the others that it may have.
    const found = names.flatMap((each) => children.filter(([local]) => local === each).map(([, child]) => child));
    const value = within(name, () =>
      type.shape.kind === 'repeated'
        ? type.read({ ...from, children: found }, reading)
        : readMember(type, found[0], reading),
    );
    if (value !== undefined) values[name] = value;
  }
  return values;
};

/**
 * A complex type of the schema, named `name`. With `extends` it is derived: the base's members come first. What is sent
 * and not among the members is ignored; missing as a whole it is refused, unless `optional`.
 */
export const object = <const Own extends Members, const Base extends Members = Record<never, never>>(
  name: string,
  own: Own,
  {
    extends: base,
    namespace,
    ...facets
  }: Facets & {
    readonly extends?: ObjectType<Base>;
    /** The service's data namespace when it is not said. */
    readonly namespace?: string;
  } = {},
): ObjectType<Base & Own> => {
  const members = { ...base?.members, ...own } as Base & Own;
  return {
    shape: { kind: 'object', doc: facets.doc ?? '', name, namespace, base, own, derived: [] },
    members,
    ...facetsOf({ ...facets, doc: '' }, 1),
    blankWhenEmpty: false,
    blank: () => {
      throw new BadValue('is missing');
    },
    read: (from, reading) => readMembers(members, from, reading) as Values<Base & Own>,
    write: (tag, value, scope) => {
      const { prefix, declarations, inside } = enter(scope, namespace);
      return element(tag, declarations, ...writeMembers(members, prefix, value, inside));
    },
  };
};

const enter = (scope: Scope, namespace: string | undefined) =>
  scope.qualified ? scope.enter(namespace ?? scope.data) : { prefix: '', declarations: {}, inside: scope };

/** Writes members in the table's order, each name behind `prefix`. */
export const writeMembers = (members: Members, prefix: string, value: object, scope: Scope): readonly XmlOut[] => {
  const values = new Map<string, unknown>(Object.entries(value));
  return Object.entries(members).flatMap(([name, type]) =>
    writeMember(type, `${prefix}${name}`, values.get(name), scope),
  );
};

/**
 * `base` or, marked on the wire by `xsi:type`, one of the types derived from it. The value's `$type` is the name of the
 * type; without it a value is written as `base`. `guess` may tell the name of the type from an element that has no
 * `xsi:type`; an unknown `xsi:type` is read as `base`.
 */
export const polymorphic = <const Base extends Members, const Derived extends readonly ObjectType<Members>[]>(
  base: ObjectType<Base>,
  derived: Derived,
  { guess, ...facets }: Facets & { readonly guess?: (from: XmlElement) => string | undefined } = {},
): Type<PolymorphicValue<Base, Derived>> => {
  const all: readonly ObjectType<Members>[] = [base, ...derived];
  const named = (name: string | undefined) => all.find((each) => each.shape.name === name) ?? base;
  return {
    ...base,
    shape: { ...base.shape, derived },
    ...facetsOf({ nillable: base.nillable, doc: base.doc, aka: base.aka, ...facets }, base.minOccurs),
    read: (from, reading) => {
      const said = attributeOf(from, 'type', XSI)?.trim();
      const type = named(said === undefined ? guess?.(from) : said.slice(said.indexOf(':') + 1));
      return { $type: type.shape.name, ...type.read(from, reading) } as PolymorphicValue<Base, Derived>;
    },
    write: (tag, value, scope) => {
      const type = named('$type' in value ? String(value.$type) : undefined);
      const written = type.write(tag, value, scope);
      if (type === base) return written;
      const { prefix, declarations } = scope.enter(type.shape.namespace ?? scope.data);
      const mark = { [`${scope.xsi}:type`]: `${prefix}${type.shape.name}` };
      return { ...written, attributes: { ...mark, ...declarations, ...written.attributes } };
    },
  };
};

/** What a polymorphic type's values are. */
export type PolymorphicValue<Base extends Members, Derived extends readonly ObjectType<Members>[]> =
  | ({ readonly $type?: string } & Values<Base>)
  | { [Index in keyof Derived]: ValueOf<Derived[Index]> & { readonly $type: string } }[number];

/** Items of one type within one element. What the items are called is fixed when written and free when read. */
export const list = <T>(
  item: Type<T>,
  itemName: string,
  {
    name,
    namespace,
    ...facets
  }: Facets & {
    /** Of the list's own complex type; `ArrayOf…` when it is not said. */
    readonly name?: string;
    readonly namespace?: string;
  } = {},
): Type<readonly T[]> => ({
  shape: { kind: 'list', name: name ?? `ArrayOf${capital(nameOf(item))}`, namespace, item, itemName },
  ...facetsOf(facets, 0),
  blankWhenEmpty: false,
  blank: () => [],
  read: (from, reading) => from.children.map((child, n) => within(`[${n}]`, () => readMember(item, child, reading))),
  write: (tag, values, scope) => {
    const { prefix, declarations, inside } = enter(scope, namespace);
    const items = values.flatMap((value) => writeMember(item, `${prefix}${itemName}`, value, inside));
    return element(tag, declarations, ...items);
  },
});

const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** The name of a type as its schema has it, without a prefix. */
export const nameOf = ({ shape }: AnyType): string => {
  switch (shape.kind) {
    case 'simple':
      return shape.xsd;
    case 'choice':
      return shape.name ?? 'string';
    case 'bytes':
      return 'base64Binary';
    case 'any':
      return 'anyType';
    case 'repeated':
      return nameOf(shape.item);
    case 'list':
    case 'object':
      return shape.name;
  }
};

/** A member that may occur any number of times, with no element around them all: the habit of JAXB. */
export const repeated = <T>(item: Type<T>, facets: Facets = {}): Type<readonly T[]> => ({
  shape: { kind: 'repeated', item },
  ...facetsOf(facets, 0),
  blankWhenEmpty: false,
  blank: () => [],
  read: (from, reading) => from.children.map((child, n) => within(`[${n}]`, () => readMember(item, child, reading))),
  write: (tag, values, scope) => element(tag, {}, ...values.flatMap((value) => writeMember(item, tag, value, scope))),
});
