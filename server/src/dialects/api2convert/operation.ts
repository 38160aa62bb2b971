import type { Reply } from '../../http/exchange.js';
import type { Shape } from './openapi/shapes.js';
import { type AccountVisit, admitAccount, admitToJob, type JobVisit, type Visit, visitOf } from './visit.js';

/** What is told of an operation in the OpenAPI document. */
export interface About {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** `/jobs/:job`, below each base. */
  readonly path: string;
  readonly summary: string;
  /** Parameters of the query. */
  readonly query?: Readonly<Record<string, string>>;
  /** What a body holds; left out where none is read. */
  readonly body?: Shape;
  /** What is answered when all is well, by status; null: nothing. */
  readonly answers: Readonly<Record<number, Shape | null>>;
}

/** One operation: how it is found, who may ask for it, and what it does. */
export interface Operation extends About {
  /** `open`: anybody; `account`: whoever has a key; `job`: whoever has a key or the token of the path's `:job`. */
  readonly access: 'open' | 'account' | 'job';
  run(visit: Visit): Promise<Reply>;
}

/** An operation for anybody. */
export const open = (about: About, run: (visit: Visit) => Promise<Reply>): Operation => ({
  ...about,
  access: 'open',
  run,
});

/** An operation for accounts. */
export const forAccount = (about: About, run: (visit: AccountVisit) => Promise<Reply>): Operation => ({
  ...about,
  access: 'account',
  run: async (visit) => run(await admitAccount(visit)),
});

/** An operation on a job. */
export const forJob = (about: About, run: (visit: JobVisit) => Promise<Reply>): Operation => ({
  ...about,
  access: 'job',
  run: async (visit) => run(await admitToJob(visit, visit.exchange.params.job ?? '')),
});

export { visitOf };
