import { createHash, timingSafeEqual } from 'node:crypto';
import { isRefusal } from '../../engine/refusals.js';
import type { Exchange } from '../../http/exchange.js';
import type { Caller } from '../../services/accounts/accounts.js';
import { callerOf } from '../../services/accounts/caller.js';
import { type Parts, serverPath } from './context.js';
import { fields } from './headers.js';
import type { JobRecord } from './jobs/job.js';
import { getJob } from './jobs/records.js';
import type { Held } from './memory.js';
import { problems } from './problems.js';
import type { OutputView } from './shapes/output.js';

/** What every operation is handed. Who calls is not known. */
export interface Visit {
  readonly parts: Parts;
  readonly exchange: Exchange;
  /** How outputs are to be told to this client. */
  readonly view: OutputView;
  /** Waits until there is room in memory for a body of so many bytes; it is kept until the request is answered. */
  readonly hold: Held['hold'];
}

/** What operations are handed that need an account. */
export interface AccountVisit extends Visit {
  readonly caller: Caller;
}

/** What operations are handed that are about one job: the caller may use it. */
export interface JobVisit extends AccountVisit {
  readonly id: string;
  /** As it was when the request came. */
  readonly job: JobRecord;
}

/** Begins the visit of a request. */
export const visitOf = (parts: Parts, exchange: Exchange, { hold }: Held): Visit => ({
  parts,
  exchange,
  hold,
  view: {
    server: `${exchange.origin}${serverPath}`,
    now: parts.host.clock.now(),
    maxDownloads: parts.options.maxDownloads,
  },
});

/** Who has the API key that the request shows, if it is a valid one; accounts may also show themselves as elsewhere. */
const findCaller = async ({ parts, exchange }: Visit): Promise<Caller | undefined> => {
  const { accounts } = parts.host;
  for (const key of fields(exchange.headers, 'api-key')) {
    try {
      return await accounts.verifyKey(key);
    } catch (error) {
      if (!isRefusal(error, 'unauthenticated')) throw error;
    }
  }
  try {
    return await accounts.authorize(exchange.headers.authorization);
  } catch (error) {
    if (!isRefusal(error, 'unauthenticated')) throw error;
    return undefined;
  }
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const isToken = (shown: readonly string[], token: string): boolean =>
  shown.some((each) => timingSafeEqual(digest(each), digest(token)));

const ownerOf = async ({ host }: Parts, { owner }: JobRecord): Promise<Caller> => {
  const account = await host.accounts.find(owner);
  if (!account) throw problems.unauthenticated();
  return callerOf(account);
};

/** The permission that a request of this method takes. */
const permissionOf = ({ method }: Exchange) => (method === 'GET' || method === 'HEAD' ? 'view' : 'upload');

/** Who asks; refuses 401 where no valid key is shown, 403 where the account may not. */
export const admitAccount = async (visit: Visit): Promise<AccountVisit> => {
  const caller = await findCaller(visit);
  if (!caller) throw problems.unauthenticated();
  caller.need(permissionOf(visit.exchange));
  return { ...visit, caller };
};

/**
 * Who asks about a job: its account by a key, or whoever has its token. One valid credential is enough, whatever else is
 * shown (specs/api2convert.md §2). Refuses 401, and 404 for a job that is not there or of another account.
 */
export const admitToJob = async (visit: Visit, id: string): Promise<JobVisit> => {
  const { parts, exchange } = visit;
  const tokens = fields(exchange.headers, 'token');
  const [caller, job] = await Promise.all([
    findCaller(visit),
    parts.host.ledger.read((facts) => getJob(facts, id.toLowerCase())),
  ]);
  if (job && caller?.account.name !== job.owner && isToken(tokens, job.token)) {
    const owner = await ownerOf(parts, job);
    owner.need(permissionOf(exchange));
    return { ...visit, caller: owner, id: id.toLowerCase(), job };
  }
  if (!caller && (job || tokens.length === 0)) throw problems.unauthenticated();
  if (!job || caller?.account.name !== job.owner) throw problems.notFound('Job');
  caller.need(permissionOf(exchange));
  return { ...visit, caller, id: id.toLowerCase(), job };
};

/** The job whose token the request shows, on a path that names none; nothing where it shows none that fits. */
export const tokensOf = ({ exchange }: Visit): string[] => fields(exchange.headers, 'token');
