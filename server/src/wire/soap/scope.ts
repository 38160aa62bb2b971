/** Where in an answer we are writing: which namespaces have which prefix. */
export interface Scope {
  /** The prefix of the schema-instance namespace. */
  readonly xsi: string;
  /** The namespace of objects that do not name their own. */
  readonly data: string;
  /** Are members in their object's namespace, or in none? */
  readonly qualified: boolean;
  /** The prefix for `namespace` (with its colon; empty for the default namespace), what must be declared for it, and the scope inside. */
  enter(namespace: string): {
    readonly prefix: string;
    readonly declarations: Record<string, string>;
    readonly inside: Scope;
  };
}

/** A scope in which the prefixes of `known` (by namespace, without colon) are declared. */
export const scope = (
  base: { readonly xsi: string; readonly data: string; readonly qualified: boolean },
  known: ReadonlyMap<string, string>,
): Scope => {
  const self: Scope = {
    ...base,
    enter: (namespace) => {
      const prefix = known.get(namespace);
      if (prefix !== undefined) return { prefix: prefix === '' ? '' : `${prefix}:`, declarations: {}, inside: self };
      const fresh = freshPrefix(known);
      return {
        prefix: `${fresh}:`,
        declarations: { [`xmlns:${fresh}`]: namespace },
        inside: scope(base, new Map([...known, [namespace, fresh]])),
      };
    },
  };
  return self;
};

const freshPrefix = (known: ReadonlyMap<string, string>): string => {
  const taken = new Set(known.values());
  for (let code = 'a'.charCodeAt(0); code <= 'z'.charCodeAt(0); code += 1) {
    const letter = String.fromCharCode(code);
    if (!taken.has(letter)) return letter;
  }
  return `n${known.size}`;
};
