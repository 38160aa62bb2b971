import type { XmlElement } from '../xml/tree.js';
import { isNil } from '../xml/tree.js';
import type { XmlOut, XmlOutElement } from '../xml/writer.js';
import { element } from '../xml/writer.js';
import type { Scope } from './scope.js';

/** What a type looks like in a schema. */
export type Shape =
  | { readonly kind: 'simple'; readonly xsd: string }
  | { readonly kind: 'choice'; readonly name: string | undefined; readonly choices: readonly string[] }
  | { readonly kind: 'bytes'; readonly streamed: boolean }
  | { readonly kind: 'any' }
  | {
      readonly kind: 'list';
      readonly name: string;
      readonly namespace: string | undefined;
      readonly item: AnyType;
      readonly itemName: string;
    }
  | { readonly kind: 'repeated'; readonly item: AnyType }
  | {
      readonly kind: 'object';
      /** Of the type, as against the member that has it. */
      readonly doc: string;
      readonly name: string;
      readonly namespace: string | undefined;
      readonly base: AnyType | undefined;
      readonly own: Members;
      readonly derived: readonly AnyType[];
    };

/** How a value is read. */
export interface Reading {
  /** Do names match without regard to case? */
  readonly ignoreCase: boolean;
  /** Only elements of this namespace are members; of any, when it is not said. */
  readonly namespace?: string;
}

/**
 * A type of the table: of a parameter, a result or an object's member. One object knows how its values are read from
 * XML, written to XML and described in a schema. `T` is what the dialect's code gets and gives.
 */
export interface Type<T> {
  readonly shape: Shape;
  /** In the schema: may the element be left out? When reading, every element may. */
  readonly minOccurs: 0 | 1;
  /** In the schema, and when writing: an undefined value is written as `xsi:nil` rather than left out. */
  readonly nillable: boolean;
  /** For people; empty when there is nothing to say. */
  readonly doc: string;
  /** Other names under which it is read; not described. */
  readonly aka: readonly string[];
  /** Does an empty element mean the same as a missing one? (Not for text.) */
  readonly blankWhenEmpty: boolean;
  /** What a missing or nil element means. Throws `BadValue` when a value is needed. */
  blank(): T;
  /** Throws `BadValue`. Is not called for an element that means `blank`. */
  read(element: XmlElement, reading: Reading): T;
  /** The element `name` (already with its prefix) with `value` in it. Is not called with undefined. */
  write(name: string, value: T, scope: Scope): XmlOutElement;
}

export type AnyType = Type<unknown>;

/** Members of an object, or parameters of an operation: in wire order, in the vendor's spelling. */
export type Members = Readonly<Record<string, AnyType>>;

/** What a type's values are. */
export type ValueOf<T> = T extends Type<infer V> ? V : never;

type OptionalNames<M extends Members> = {
  [Name in keyof M]: undefined extends ValueOf<M[Name]> ? Name : never;
}[keyof M];

/** What the members' values are, as one object; those that may be undefined may be left out. */
export type Values<M extends Members> = {
  readonly [Name in Exclude<keyof M, OptionalNames<M>>]: ValueOf<M[Name]>;
} & { readonly [Name in OptionalNames<M>]?: ValueOf<M[Name]> };

/** A value cannot be read: `args.FileSize is not a whole number: "12x"`. */
export class BadValue extends Error {
  override readonly name = 'BadValue';
  readonly problem: string;
  readonly path: readonly string[];
  constructor(problem: string, path: readonly string[] = []) {
    super(`${path.join('.')} ${problem}`.trim());
    this.problem = problem;
    this.path = path;
  }
}

/** Does what `read` does; a `BadValue` from it is told to lie in the member `name`. */
export const within = <T>(name: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw error instanceof BadValue ? new BadValue(error.problem, [name, ...error.path]) : error;
  }
};

/** What may be said of any type. */
export interface Facets {
  readonly doc?: string;
  readonly minOccurs?: 0 | 1;
  readonly nillable?: boolean;
  readonly aka?: readonly string[];
}

/** The facets of a type, where they are not said. */
export const facetsOf = (facets: Facets, minOccurs: 0 | 1) => ({
  minOccurs: facets.minOccurs ?? minOccurs,
  nillable: facets.nillable ?? false,
  doc: facets.doc ?? '',
  aka: facets.aka ?? [],
});

interface Simple<T> {
  readonly shape: Shape;
  readonly blank: () => T;
  /** `text` is trimmed and not empty. */
  readonly parse: (text: string) => T;
  readonly format: (value: T) => string;
}

const simple = <T>({ shape, blank, parse, format }: Simple<T>, minOccurs: 0 | 1, facets: Facets = {}): Type<T> => ({
  shape,
  ...facetsOf(facets, minOccurs),
  blankWhenEmpty: true,
  blank,
  read: (from) => parse(from.text.trim()),
  write: (name, value) => element(name, {}, format(value)),
});

const needed = (what: string) => (): never => {
  throw new BadValue(`needs ${what}`);
};

/** xs:string, exactly as sent. Missing or nil: `''`. */
export const text = (facets?: Facets): Type<string> => ({
  ...simple({ shape: { kind: 'simple', xsd: 'string' }, blank: () => '', parse: String, format: String }, 0, facets),
  blankWhenEmpty: false,
  read: (from) => from.text,
});

const whole = (xsd: string, min: number, max: number, facets?: Facets): Type<number> =>
  simple(
    {
      shape: { kind: 'simple', xsd },
      blank: () => 0,
      parse: (text) => {
        const value = Number(text);
        if (!/^[+-]?\d+$/.test(text)) throw new BadValue(`is not a whole number: ${quoted(text)}`);
        if (!(value >= min && value <= max)) throw new BadValue(`is out of range (${min} to ${max}): ${quoted(text)}`);
        return value;
      },
      format: String,
    },
    1,
    facets,
  );

const quoted = (text: string) => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** xs:short. Missing, nil or empty: 0. */
export const short = (facets?: Facets): Type<number> => whole('short', -32768, 32767, facets);
/** xs:int; more than that is taken up to `max`, for clients that do not read the schema. Missing, nil or empty: 0. */
export const int = ({ max = 2147483647, ...facets }: Facets & { readonly max?: number } = {}): Type<number> =>
  whole('int', -2147483648, max, facets);
/** xs:long, as a number: beyond ±(2^53 - 1) it is refused. Missing, nil or empty: 0. */
export const long = (facets?: Facets): Type<number> =>
  whole('long', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, facets);

const fraction = (xsd: string, form: RegExp, facets?: Facets): Type<number> =>
  simple(
    {
      shape: { kind: 'simple', xsd },
      blank: () => 0,
      parse: (text) => {
        if (!form.test(text)) throw new BadValue(`is not a number: ${quoted(text)}`);
        return text.endsWith('INF') ? Number(text.replace('INF', 'Infinity')) : Number(text);
      },
      format: (value) => String(value).replace('Infinity', 'INF'),
    },
    1,
    facets,
  );

const decimalForm = /^[+-]?(\d+\.?\d*|\.\d+)$/;
const floatForm = /^([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|-?INF|NaN)$/;

/** xs:decimal, as a number. Missing, nil or empty: 0. */
export const decimal = (facets?: Facets): Type<number> => fraction('decimal', decimalForm, facets);
/** xs:double. Missing, nil or empty: 0. */
export const double = (facets?: Facets): Type<number> => fraction('double', floatForm, facets);
/** xs:float. Missing, nil or empty: 0. */
export const float = (facets?: Facets): Type<number> => fraction('float', floatForm, facets);

/** xs:boolean: `true`, `false`, `1`, `0`, in any case. Missing, nil or empty: false. */
export const flag = (facets?: Facets): Type<boolean> =>
  simple(
    {
      shape: { kind: 'simple', xsd: 'boolean' },
      blank: () => false,
      parse: (text) => {
        if (/^(true|1)$/i.test(text)) return true;
        if (/^(false|0)$/i.test(text)) return false;
        throw new BadValue(`is neither true nor false: ${quoted(text)}`);
      },
      format: String,
    },
    1,
    facets,
  );

const dateForm = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?$/;

/** xs:dateTime. Without a zone it is taken as UTC; a bare date is its midnight. Missing, nil or empty is refused. */
export const dateTime = (facets?: Facets): Type<Date> =>
  simple(
    {
      shape: { kind: 'simple', xsd: 'dateTime' },
      blank: needed('a date and time'),
      parse: (text) => {
        const match = dateForm.exec(text);
        const [, year, month, day, hour = '00', minute = '00', second = '00', part = '0', zone = 'Z'] = match ?? [];
        const date = new Date(
          `${year}-${month}-${day}T${hour}:${minute}:${second}.${part.slice(0, 3).padEnd(3, '0')}${zone}`,
        );
        if (!match || Number.isNaN(date.getTime())) throw new BadValue(`is not a date and time: ${quoted(text)}`);
        return date;
      },
      format: (value) => value.toISOString().replace('.000Z', 'Z'),
    },
    1,
    facets,
  );

/**
 * One of a few words (an enumeration); read without regard to case, given as the table spells it. With `name` it is a
 * named type of the schema. Missing, nil or empty is refused.
 */
export const choice = <const T extends string>(
  choices: readonly T[],
  { name, ...facets }: Facets & { readonly name?: string } = {},
): Type<T> =>
  simple(
    {
      shape: { kind: 'choice', name, choices },
      blank: needed(`one of ${choices.join(', ')}`),
      parse: (text) => {
        const found = choices.find((each) => each.toLowerCase() === text.toLowerCase());
        if (found === undefined) throw new BadValue(`is none of ${choices.join(', ')}: ${quoted(text)}`);
        return found;
      },
      format: String,
    },
    1,
    facets,
  );

/** The same type, whose value is undefined when the element is missing or nil (or, but for text, empty); then not written. */
export const optional = <T>(type: Type<T>, facets: Facets = {}): Type<T | undefined> => ({
  ...type,
  ...facetsOf({ doc: type.doc, aka: type.aka, ...facets }, 0),
  blank: () => undefined,
  write: (name, value, scope) => (value === undefined ? element(name) : type.write(name, value, scope)),
});

/** As `optional`, but `xsi:nil` in the schema, and written as such when undefined: the habit of WCF. */
export const nillable = <T>(type: Type<T>, facets: Facets = {}): Type<T | undefined> =>
  optional(type, { nillable: true, ...facets });

const isEmpty = (from: XmlElement) => from.children.length === 0 && from.text.trim() === '';

/** Reads a member that may be missing. Throws `BadValue`. */
export const readMember = <T>(type: Type<T>, from: XmlElement | undefined, reading: Reading): T =>
  from === undefined || isNil(from) || (type.blankWhenEmpty && isEmpty(from)) ? type.blank() : type.read(from, reading);

/** Writes a member that may be undefined: as it is, as nil, or not at all. */
export const writeMember = (type: AnyType, name: string, value: unknown, scope: Scope): readonly XmlOut[] => {
  if (value === undefined) return type.nillable ? [element(name, { [`${scope.xsi}:nil`]: 'true' })] : [];
  const written = type.write(name, value, scope);
  return type.shape.kind === 'repeated' ? written.children : [written];
};

/** Is the member `name` a streamed parameter? */
export const isStreamed = (members: Members, name: string): boolean => {
  const shape = members[name]?.shape;
  return shape?.kind === 'bytes' && shape.streamed;
};
