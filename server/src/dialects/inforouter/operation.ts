import {
  type Arguments,
  anyXml,
  type Members,
  type Operation,
  operationsWith,
  text,
  type XmlOutElement,
} from '../../wire/soap/index.js';
import { type Attributes, failure, isSuccess, problemOf } from './answers.js';
import type { Context, Visit } from './context.js';

/** Makes operations that are handed a visit. */
export const operation = operationsWith<Visit>();

/** The parameter that nearly every operation begins with. */
export const ticketParameter = { AuthenticationTicket: text({ doc: 'The ticket that AuthenticateUser answered.' }) };

/** The result of every operation that answers XML. */
export const response = anyXml({ doc: 'An element response, without namespace.' });

/** The plain HTTP forms of every operation. */
export const forms = ['GET', 'POST'] as const;

/**
 * Does the work of a call and gives its answer: what was refused becomes an answer that says no, with the `failing` attributes
 * behind the usual ones. A call that succeeds lets its ticket live on.
 */
export const answering = async (
  visit: Visit,
  work: () => Promise<XmlOutElement>,
  failing: Attributes = {},
): Promise<XmlOutElement> => {
  const { host, call } = visit;
  const place = { log: host.log, operation: call.operation };
  try {
    const answer = await work();
    if (isSuccess(answer)) await visit.prolong();
    return answer;
  } catch (error) {
    return failure(problemOf(error, place), failing);
  }
};

/** An operation that answers XML and asks for no ticket before its work begins. */
export const open = <const P extends Members>(spec: {
  readonly doc: string;
  readonly params: P;
  run(args: Arguments<P, undefined>, visit: Visit): Promise<XmlOutElement>;
}): Operation<Visit> =>
  operation({
    doc: spec.doc,
    params: spec.params,
    result: response,
    http: forms,
    run: (args, visit) => answering(visit, () => spec.run(args, visit)),
  });

/**
 * An operation that answers XML to whoever has a ticket: its first parameter, which is not named in `params`. What `run`
 * throws of problems and refusals becomes an answer that says no.
 */
export const ticketed = <const P extends Members>(spec: {
  readonly doc: string;
  readonly params: P;
  run(args: Arguments<P, undefined>, context: Context): Promise<XmlOutElement>;
}): Operation<Visit> =>
  operation({
    doc: spec.doc,
    params: { ...ticketParameter, ...(spec.params as Members) },
    result: response,
    http: forms,
    run: (args, visit) =>
      answering(visit, async () => {
        const caller = await visit.admit(String(args.AuthenticationTicket));
        return spec.run(args as unknown as Arguments<P, undefined>, { ...visit, caller });
      }),
  });
