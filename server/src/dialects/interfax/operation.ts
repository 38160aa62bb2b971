import { isRefusal } from '../../engine/refusals.js';
import {
  type Arguments,
  int,
  long,
  type Members,
  type Operation,
  operationsWith,
  type Type,
  text,
} from '../../wire/soap/index.js';
import { type Code, CodeError, codes } from './codes.js';
import type { Context } from './context.js';
import { refusals } from './refusals.js';

/** Makes operations that are handed a context. */
export const operation = operationsWith<Context>();

/** The parameters that nearly every operation begins with. */
export const credentials = { Username: text(), Password: text() };

/** The plain HTTP forms of those operations that have no parameter by reference and no structure (specs/interfax.md §9.6). */
export const forms = ['GET', 'POST'] as const;

/** The number that stands for what was thrown. Throws it again where the server is going down. */
export const codeOf = (error: unknown, { host, call }: Context): Code => {
  if (error instanceof CodeError) return error.code;
  if (isRefusal(error, 'draining')) throw error;
  if (isRefusal(error)) return error.answer(refusals);
  host.log.error({ err: error, operation: call.operation }, 'a call failed');
  return codes.internalError;
};

/** Does the work of a call; what was refused becomes the answer that `refused` makes of its number. */
export const answering = async <Answer>(
  context: Context,
  work: () => Promise<Answer>,
  refused: (code: Code) => Answer,
): Promise<Answer> => {
  try {
    return await work();
  } catch (error) {
    return refused(codeOf(error, context));
  }
};

interface NumberSpec<P extends Members, Received> {
  readonly doc: string;
  readonly params: P;
  receive?: Parameters<typeof operation<P, Type<number>, Received>>[0]['receive'];
  run(args: Arguments<P, Received>, context: Context): Promise<number>;
}

const answeringNumber =
  (result: Type<number>) =>
  <const P extends Members, Received = undefined>(spec: NumberSpec<P, Received>): Operation<Context> =>
    operation<P, Type<number>, Received>({
      doc: spec.doc,
      params: spec.params,
      result,
      http: forms,
      ...(spec.receive && { receive: spec.receive }),
      run: (args, context) =>
        answering<number>(
          context,
          () => spec.run(args, context),
          (code) => code,
        ),
    });

/** An operation that answers a number of 32 bits, also by forms: what it throws becomes that number. */
export const answeringInt = answeringNumber(int());
/** As `answeringInt`, with 64 bits. */
export const answeringLong = answeringNumber(long());
