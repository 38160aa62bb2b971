import { Refusal } from '../../engine/refusals.js';
import type { Upload } from '../../engine/upload.js';
import type { FinishSpec } from '../../engine/verbs.js';
import type { Exchange, Reply } from '../../http/exchange.js';
import type { Caller } from '../../services/accounts/accounts.js';
import type { Host } from '../dialect.js';
import type { TusOptions } from './options.js';

/** What every operation works with. */
export interface Context {
  readonly host: Host;
  readonly options: TusOptions;
  /** Where uploads are created, with a slash at both ends. */
  readonly path: string;
  /** How a complete upload becomes a file. */
  readonly finish: FinishSpec;
}

/** Answers one method at one kind of address, for a caller who is known. May throw a `Refusal`. */
export type Operation = (exchange: Exchange, caller: Caller, context: Context) => Promise<Reply>;

/** The id in the address of an upload. Refuses `no-such-upload` for what can be no id. */
export const idOf = ({ params: { id = '' } }: Exchange): string => {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(id)) throw new Refusal('no-such-upload', { id });
  return id;
};

/** Refuses `no-such-upload` for what is not the caller's own tus upload: a stranger does not learn that it exists. */
export const needOwn = (upload: Upload, caller: Caller): void => {
  const own = upload.owner === caller.account.name || caller.may('admin');
  if (upload.dialect !== 'tus' || !own) throw new Refusal('no-such-upload', { id: upload.id });
};

/** The caller's upload, if it is not over. Refuses `no-such-upload`, and `not-open` for one that ended without a file. */
export const needAlive = async ({ host }: Context, id: string, caller: Caller): Promise<Upload> => {
  const upload = await host.engine.look(id);
  needOwn(upload, caller);
  const over = upload.state === 'cancelled' || upload.state === 'expired' || upload.state === 'corrupt';
  if (over) throw new Refusal('not-open', { id, state: upload.state });
  // It has come to its end, though the sweep has not come by yet.
  if (upload.state !== 'finished' && upload.expiry !== null && upload.expiry.at <= host.clock.now())
    throw new Refusal('not-open', { id, state: 'expired' });
  return upload;
};

/** The address of an upload. */
export const locationOf = (exchange: Exchange, { path }: Context, id: string): string =>
  `${exchange.origin}${path}${id}`;
