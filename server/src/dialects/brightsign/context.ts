import type { Upload } from '../../engine/upload.js';
import type { Staged } from '../../engine/verbs.js';
import type { Caller } from '../../services/accounts/accounts.js';
import { type Call, hasTimestamp, timestampHeader, usernameToken } from '../../wire/soap/index.js';
import type { Host } from '../dialect.js';
import { arrays } from './application/types.js';
import type { Asker } from './asker.js';
import { uploadFacts } from './facts.js';
import { securityFault } from './faults.js';
import { logIn } from './login.js';
import type { BrightSignOptions } from './options.js';

/** What every SOAP operation is handed. */
export interface Context extends Asker {
  readonly call: Call;
  /** Answers from now on in the data namespace in which this upload or session was started, if the call showed none of its own. */
  answerAs(known: Pick<Upload, 'metadata'>): void;
  /** Drops these bytes when the call ends, unless they were accepted. */
  dropLater(staged: Staged): void;
  readonly staged: Staged[];
}

/** Data namespaces that callers used last, for calls that show none (specs/brightsign.md §A2); the oldest is forgotten. */
export const rememberedNamespaces = (most = 1_000) => {
  const last = new Map<string, string>();
  return {
    get: (caller: string) => last.get(caller),
    set: (caller: string, namespace: string) => {
      // A list of ids is in a namespace of its own, and says nothing of the caller's.
      if (namespace === arrays) return;
      last.delete(caller);
      last.set(caller, namespace);
      const [oldest] = last.keys();
      if (last.size > most && oldest !== undefined) last.delete(oldest);
    },
  };
};

/** Who calls: `{AccountName}/{UserLogin}` in a WS-Security UsernameToken (§A3). HTTP Basic will do too. */
const authenticate = async (host: Host, options: BrightSignOptions, call: Call): Promise<Caller> => {
  const token = usernameToken(call.headers);
  if (token?.kind === 'digest')
    throw securityFault('InvalidSecurity', 'A PasswordDigest is not supported; send the password as PasswordText.');
  const { authorization } = call.exchange.headers;
  if (!token && authorization === undefined)
    throw securityFault('InvalidSecurity', 'An error occurred when verifying security for the message.');
  if (!token) return host.accounts.authorize(authorization);
  return (await logIn(host, options, token)).caller;
};

/** Opens the context of one call. Throws a fault, or refuses `unauthenticated`. */
export const openContext = async (
  {
    host,
    options,
    namespaces,
  }: { host: Host; options: BrightSignOptions; namespaces: ReturnType<typeof rememberedNamespaces> },
  call: Call,
): Promise<Context> => {
  const caller = await authenticate(host, options, call);
  if (hasTimestamp(call.headers)) call.reply.headers.push(timestampHeader(host.clock.now()));
  const remembered = namespaces.get(caller.account.name);
  if (remembered !== undefined) call.reply.data = remembered;
  const staged: Staged[] = [];
  return {
    host,
    options,
    call,
    caller,
    from: call.exchange.remote,
    get dataNamespace() {
      return call.seen.data;
    },
    staged,
    answerAs: ({ metadata }) => {
      const { dataNamespace } = uploadFacts(metadata);
      if (call.seen.data === undefined && dataNamespace !== undefined) call.reply.data = dataNamespace;
    },
    dropLater: (chunk) => staged.push(chunk),
  };
};
