import { isRefusal, Refusal } from '../../engine/refusals.js';
import type { Upload } from '../../engine/upload.js';
import type { Group } from '../../engine/verbs.js';
import type { Caller } from '../../services/accounts/accounts.js';
import type { Host } from '../dialect.js';
import { dialectName } from './address.js';
import type { BrightSignOptions } from './options.js';

/** Who asks, and of whom: what uploads, sessions and the library are handed, in whatever form the request came. */
export interface Asker {
  readonly host: Host;
  readonly options: BrightSignOptions;
  readonly caller: Caller;
  /** Address of the client. */
  readonly from: string;
  /** The namespace in which the request's data was, if it was XML. */
  readonly dataNamespace?: string | undefined;
}

const isOwn = ({ owner }: Pick<Upload, 'owner'>, { caller }: Pick<Asker, 'caller'>): boolean =>
  owner === caller.account.name || caller.may('admin');

/** Refuses `no-such-upload` for what is not the asker's own: a stranger does not learn that it exists. */
export const needOwn = (upload: Upload, asker: Pick<Asker, 'caller'>): void => {
  if (upload.dialect !== dialectName || !isOwn(upload, asker)) throw new Refusal('no-such-upload', { id: upload.id });
};

/** Refuses `no-such-group` where a session is named that an upload does not belong to (§A6). */
export const needIn = ({ group }: Upload, sessionToken: string | undefined): void => {
  if (sessionToken && group !== sessionToken) throw new Refusal('no-such-group', { id: sessionToken });
};

/** The asker's upload with this token; nothing where there is none. */
export const findUpload = async (asker: Asker, token: string): Promise<Upload | undefined> => {
  try {
    const upload = await asker.host.engine.find(token);
    if (upload) needOwn(upload, asker);
    return upload;
  } catch (error) {
    if (isRefusal(error, 'no-such-upload')) return undefined;
    throw error;
  }
};

/** The asker's upload with this token, in this session if one is named. Refuses `no-such-upload` and `no-such-group`. */
export const needUpload = async (asker: Asker, token: string, sessionToken?: string): Promise<Upload> => {
  const upload = await asker.host.engine.look(token);
  needOwn(upload, asker);
  needIn(upload, sessionToken);
  return upload;
};

/** The asker's session with this token. Refuses `no-such-group`. */
export const needGroup = async (asker: Asker, token: string): Promise<Group> => {
  const group = await asker.host.engine.lookGroup(token);
  if (group.dialect !== dialectName || !isOwn(group, asker)) throw new Refusal('no-such-group', { id: token });
  return group;
};

/** Limits and life of what an asker uploads. */
export const reservation = ({ host, options, caller }: Asker) => ({
  quota: host.quota.limit(caller.account),
  expiry: { at: host.clock.now() + options.expireAfter, sliding: options.expireAfter },
});
