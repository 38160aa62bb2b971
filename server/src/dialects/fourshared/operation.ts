import {
  type AnyType,
  type Arguments,
  type FaultType,
  type Members,
  type Operation,
  type Output,
  operationsWith,
  type Type,
  text,
} from '../../wire/soap/index.js';
import { type Context, openContext, type Visit } from './context.js';
import { ApiException } from './types.js';

const operation = operationsWith<Visit>();

/** An operation, its parameters in wire order under names of our own: on the wire they are `arg0`, `arg1` … */
interface Spec<P extends Members, R extends AnyType | Members, Given> {
  readonly doc: string;
  readonly params: P;
  readonly result?: R;
  readonly fault?: FaultType;
  run(args: Arguments<P, undefined>, given: Given): Promise<NoInfer<Output<R>>>;
}

/** An operation that judges credentials itself, or asks for none. Declares no fault unless told. */
export const open = <const P extends Members, R extends AnyType | Members = Type<void>>(
  spec: Spec<P, R, Visit>,
): Operation<Visit> => {
  const params = Object.entries(spec.params).map(
    ([name, type], n) => [name, `arg${n}`, { ...type, doc: type.doc || name }] as const,
  );
  return operation<Members, R>({
    ...spec,
    params: Object.fromEntries(params.map(([, wire, type]) => [wire, type])),
    run: (args, visit) => {
      const named = Object.fromEntries(params.map(([name, wire]) => [name, args[wire]]));
      return spec.run(named as Arguments<P, undefined>, visit);
    },
  });
};

/** An operation for whoever has the login and password that are its first two parameters, which `params` leaves out. */
export const asking = <const P extends Members, R extends AnyType | Members = Type<void>>(
  spec: Spec<P, R, Context>,
): Operation<Visit> =>
  open<Members, R>({
    ...spec,
    fault: ApiException,
    params: { login: text(), password: text(), ...(spec.params as Members) },
    run: async (args, visit) => {
      const caller = await visit.admit(String(args.login), String(args.password));
      return spec.run(args as unknown as Arguments<P, undefined>, await openContext(visit, caller));
    },
  });
