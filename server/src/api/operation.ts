import * as v from 'valibot';
import { Refusal } from '../engine/refusals.js';
import { json } from '../http/answers.js';
import type { Exchange, Reply } from '../http/exchange.js';
import type { Caller } from '../services/accounts/accounts.js';
import type { ApiHost } from './host.js';
import type { Asker } from './session/asker.js';

/** A schema of what is taken or answered. */
export type Schema = v.GenericSchema;

/** Who may ask: anybody; whoever has an account; whoever may `admin`. */
export type Access = 'anybody' | 'account' | 'admin';

/** What is told of an operation in the OpenAPI document. */
export interface About {
  readonly access: Access;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api`: `/uploads/:id`. */
  readonly path: string;
  /** The part of the document it stands in: `uploads`. */
  readonly tag: string;
  readonly summary: string;
  /** Parameters of the query, each with its meaning. */
  readonly query?: Readonly<Record<string, string>>;
  /** A JSON body; left out where none is read. */
  readonly body?: Schema;
  /** JSON that is answered when all is well; null: nothing (204). A string: what `run` gives is the answer, of this media type. */
  readonly answer: Schema | string | null;
  /** What else is answered when all is well, by status, with its meaning: `{ 206: 'The part that was asked for.' }`. */
  readonly also?: Readonly<Record<number, string>>;
}

/** One request as an operation sees it: who asks was judged, and the body agrees with its schema. */
export interface Visit {
  readonly host: ApiHost;
  readonly exchange: Exchange;
  /** Null where anybody may ask: who they are is not judged then. */
  readonly caller: Caller | null;
  /** The session by whose cookie they ask; null: they say in a header who they are. */
  readonly session: Asker['session'];
  readonly body: unknown;
  /** Adds a header to the answer. */
  set(name: string, value: string): void;
}

/** A visit by somebody who is known, whatever else it is about. */
export type AccountVisit = Pick<Visit, 'host' | 'exchange'> & { readonly caller: Caller };

/** One operation: how it is found, who may ask for it, and what it does. */
export interface Operation extends About {
  run(visit: Visit): Promise<Reply>;
}

/** A visit with the types of its operation. */
export interface VisitOf<A extends About> extends Omit<Visit, 'caller' | 'body'> {
  readonly caller: A['access'] extends 'anybody' ? null : Caller;
  readonly body: A extends { readonly body: infer B extends Schema } ? v.InferOutput<B> : undefined;
}

/** What an operation gives back. */
export type AnswerOf<A extends About> = A['answer'] extends infer S extends Schema
  ? v.InferInput<S>
  : A['answer'] extends null
    ? void
    : Reply;

const toReply = (answer: About['answer'], said: unknown): Reply => {
  if (typeof answer === 'string') return said as Reply;
  return answer === null ? { status: 204 } : json(200, said);
};

/**
 * An operation from what is told of it and what it does. A body that does not agree with its schema is refused as
 * `malformed`.
 */
export const operation = <const A extends About>(
  about: A,
  run: (visit: VisitOf<A>) => Promise<AnswerOf<A>>,
): Operation => ({
  ...about,
  run: async (visit) => toReply(about.answer, await run({ ...visit, body: bodyOf(about, visit) } as VisitOf<A>)),
});

const bodyOf = ({ body }: About, visit: Visit): unknown => {
  if (body === undefined) return undefined;
  const read = v.safeParse(body, visit.body);
  if (read.success) return read.output;
  throw new Refusal('malformed', { reason: read.issues.map(toSentence).join(' ') });
};

/** What is wrong where; never what was sent, which may be a password. */
const toSentence = (issue: v.BaseIssue<unknown>): string => {
  const where = v.getDotPath(issue) ?? 'The body';
  if (issue.expected === 'never') return `${where} is not known here.`;
  return issue.expected === null ? `${where} cannot be taken.` : `${where} is to be ${issue.expected}.`;
};
