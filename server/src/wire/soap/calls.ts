import type { Exchange } from '../../http/exchange.js';
import { defaultXmlLimits } from '../xml/parser.js';
import type { XmlElement } from '../xml/tree.js';
import { SoapFailure } from './fault.js';
import type { Call, Operation } from './operation.js';
import type { ServiceSpec, SoapLimits } from './service.js';

/** The bounds where a service does not say others. */
export const defaultLimits: SoapLimits = {
  parameter: 2 ** 20,
  markup: defaultXmlLimits.markup,
  message: 64 * 2 ** 20,
  depth: defaultXmlLimits.depth,
  attributes: defaultXmlLimits.attributes,
};

/** The action of an operation, as the service says or by the common habit. */
export const actionOf = (spec: Pick<ServiceSpec<never>, 'namespace' | 'action'>, operation: string): string =>
  spec.action?.(operation) ?? `${spec.namespace.replace(/\/$/, '')}/${operation}`;

/** An operation, with its name as the table spells it. */
export interface Found<Context> {
  readonly name: string;
  readonly operation: Operation<Context>;
}

/** A call that has begun, with its operation. */
export interface Begun<Context> extends Found<Context> {
  readonly call: Call;
}

/** Finds operations by what they are called, which may be written as `written` makes of it. */
export const operationIndex = <Context>(spec: ServiceSpec<Context>, written = (name: string) => name) => {
  const key = (name: string) => (spec.ignoreCase ? name.toLowerCase() : name);
  const all = new Map<string, Found<Context>>();
  for (const [name, operation] of Object.entries(spec.operations)) all.set(key(written(name)), { name, operation });
  return (sent: string): Found<Context> | undefined => all.get(key(sent));
};

/** What a message tells of the operation that it wants. */
export interface Wanted {
  readonly action: string | undefined;
  /** The version that the content type speaks of. */
  readonly version: '1.1' | '1.2';
  /** The first element of the body. */
  readonly element: { readonly local: string; readonly namespace: string };
}

/** Finds operations: by action where the service wants that, else by element. Throws `SoapFailure`. */
export const finder = <Context>(spec: ServiceSpec<Context>) => {
  const byAction = operationIndex(spec, (name) => actionOf(spec, name));
  const byName = operationIndex(spec);
  const byElement = ({ local, namespace }: Wanted['element']) =>
    spec.strict && namespace !== spec.namespace ? undefined : byName(local);
  return ({ action, version, element }: Wanted): Found<Context> => {
    const acted = spec.dispatch === 'action' && action !== undefined ? byAction(action) : undefined;
    const mustAct = spec.strict && spec.dispatch === 'action' && action !== undefined && version === '1.1';
    const found = acted ?? (mustAct ? undefined : byElement(element));
    if (found) return found;
    const what = spec.dispatch === 'action' && action !== undefined ? `action ${action}` : `element ${element.local}`;
    throw new SoapFailure('unknown-operation', `There is no operation for the ${what.slice(0, 200)}.`);
  };
};

/** What is known when a call begins. */
export interface Beginning {
  readonly exchange: Exchange;
  readonly operation: string;
  readonly version: '1.1' | '1.2';
  readonly form: boolean;
  readonly headers: readonly XmlElement[];
  /** The namespace of the operation's element. */
  readonly namespace: string;
}

/** A call for the dialect to see, and how it is told of the parameters that come. */
export const beginCall = <Context>(spec: ServiceSpec<Context>, { namespace, ...known }: Beginning) => {
  const seen: { service: string; data: string | undefined } = { service: namespace, data: undefined };
  const reply: Call['reply'] = {
    service: spec.mirror && namespace !== '' ? namespace : spec.namespace,
    data: spec.dataNamespace ?? spec.namespace,
    headers: [],
    http: {},
  };
  const call: Call = { ...known, seen, reply };
  /** The first child of the first object tells the namespace of the data. */
  const look = (element: XmlElement) => {
    const first = element.children[0];
    if (!first || first.namespace === '' || seen.data !== undefined) return;
    seen.data = first.namespace;
    if (spec.mirror) reply.data = first.namespace;
  };
  return { call, look };
};
