import { isRefusal, Refusal } from '../../../engine/refusals.js';
import type { Upload } from '../../../engine/upload.js';
import type { Group } from '../../../engine/verbs.js';
import { type Asker, findUpload, needGroup } from '../asker.js';

/** A web page on its way: a group of uploads, that of the HTML file first. */
export interface Session {
  readonly group: Group;
  readonly page: Upload;
  /** In the order in which they were announced. */
  readonly assets: readonly Upload[];
}

/** What a finished session's `result` holds. */
export interface SessionResult {
  /** The web page's id. */
  readonly contentId: number;
  /** The assets' content ids, in the order in which they were announced. */
  readonly assets: readonly number[];
}

const isResult = (result: unknown): result is SessionResult =>
  typeof result === 'object' && result !== null && 'contentId' in result && 'assets' in result;

/** What became of a session; nothing until it is completed. */
export const resultOf = ({ group: { result } }: Session): SessionResult | undefined =>
  isResult(result) ? result : undefined;

/** A session with its uploads, as they are now. */
export const sessionOf = async ({ host: { engine } }: Asker, group: Group): Promise<Session> => {
  const uploads = await engine.list({ group: group.id });
  const page = uploads.find(({ id }) => id === group.uploads[0]);
  // What ended long ago is forgotten, its uploads before it.
  if (!page) throw new Refusal('no-such-group', { id: group.id });
  return { group, page, assets: uploads.filter((upload) => upload !== page) };
};

/** The asker's session with this token. Refuses `no-such-group`. */
export const needSession = async (asker: Asker, token: string): Promise<Session> =>
  sessionOf(asker, await needGroup(asker, token));

/** The asker's session with this token, or that of the upload with this token; nothing where there is none (§A8). */
export const findSession = async (asker: Asker, token: string): Promise<Session | undefined> => {
  const upload = await findUpload(asker, token);
  try {
    return await needSession(asker, upload?.group ?? token);
  } catch (error) {
    if (isRefusal(error, 'no-such-group')) return undefined;
    throw error;
  }
};

/** Cancels a session and drops its uploads; one that has ended stays as it is. Refuses `no-such-group`. */
export const cancelSession = async (asker: Asker, token: string): Promise<Session> => {
  const group = await needGroup(asker, token);
  return sessionOf(asker, group.state === 'open' ? await asker.host.engine.cancelGroup(token) : group);
};
