import type { Upload } from '../../../engine/upload.js';
import type { Reply, Route } from '../../../http/exchange.js';
import { needUpload } from '../asker.js';
import { type FileSaid, uploadFacts } from '../facts.js';
import { readFile } from '../messages.js';
import { cancelFile } from '../uploads/cancel.js';
import { changeFile } from '../uploads/change.js';
import { completeFile } from '../uploads/complete.js';
import { startFile } from '../uploads/start.js';
import { fileArguments } from './arguments.js';
import { type Members, needIntent, readMembers } from './body.js';
import type { Act, Intent } from './media-types.js';
import { notAcceptable, Problem } from './problems.js';
import { chunkRuns, fileShape, negotiationShape } from './shapes.js';
import { findLabel, jsonReply, needLabel, needUnmodified, type RestParts, restRoute, type Visit } from './visit.js';

/** Most bytes of a file's arguments, its thumbnail included. */
const largestArguments = 4 * 2 ** 20;

const status = 'content.upload.status';
const negotiation = 'content.upload.negotiation.status';

/** The session in the path; nothing for a file that stands alone (specs/brightsign.md §B1). */
const sessionIn = ({ exchange }: Visit): string | undefined => {
  const { session = '' } = exchange.params;
  return session.toLowerCase() === 'none' ? undefined : session;
};

/** The upload that the path names. Refuses `no-such-upload`, `no-such-group`. */
export const uploadIn = async (visit: Visit): Promise<Upload> => {
  const session = sessionIn(visit);
  const upload = await needUpload(visit, visit.exchange.params.upload ?? '', session);
  if (session === undefined && upload.group !== null) throw new Problem(404, 'The file belongs to an upload session.');
  return upload;
};

/** Where a file's bytes go, and where it is asked for. */
const locationOf = ({ origin, path }: Visit['exchange'], { id }: Upload): string =>
  `${origin}${path.replace(/\/+$/, '')}/${id}/`;

/** What is said of a file; the tokens are those of the path. */
const saidOf = (
  members: Members,
  tokens: { readonly uploadToken?: string; readonly sessionToken?: string },
): FileSaid => {
  const { uploadToken: _upload, sessionToken: _session, ...said } = readFile(fileArguments(members));
  return { ...said, ...tokens };
};

/**
 * Starts a file. A match that the client does not want to hear of is 406 for a file that stands alone, which is what a client
 * takes for "is there already" (§B3); the file of a session just goes on.
 */
const start = async (visit: Visit, said: FileSaid, done: 200 | 201): Promise<Reply> => {
  const plain = findLabel(visit, status);
  const negotiated = findLabel(visit, negotiation);
  if (plain === undefined && negotiated === undefined) throw notAcceptable();
  const begun = await startFile(visit, said);
  const { upload } = begun;
  const headers = done === 201 ? { location: locationOf(visit.exchange, upload) } : {};
  if (negotiated !== undefined && (begun.matches.length > 0 || plain === undefined))
    return jsonReply(done, negotiated, negotiationShape(begun), headers);
  if (plain === undefined || (begun.matches.length > 0 && upload.group === null)) {
    await cancelFile(visit, upload.id);
    throw notAcceptable();
  }
  return jsonReply(done, plain, fileShape(upload), headers);
};

const create = async (visit: Visit): Promise<Reply> => {
  const { exchange, caller } = visit;
  caller.need('upload');
  needIntent(exchange, ['content', 'asset'], ['start', 'change']);
  const sessionToken = sessionIn(visit);
  const members = await readMembers(exchange, largestArguments);
  if (sessionToken === undefined) return start(visit, saidOf(members, {}), 201);
  // None can be added to a session (§B2): only one that it has can be started.
  const { uploadToken = '' } = readFile(fileArguments(members));
  if (uploadToken === '') throw new Problem(400, 'All files of a session are announced when it is started.');
  return start(visit, saidOf(members, { uploadToken, sessionToken }), 201);
};

/** Told by the Content-Type alone (§B2); where that is plain JSON, a file that a session announced is started, and any other completed. */
const actOf = ({ act }: Intent, { metadata }: Upload): Act =>
  act ?? (uploadFacts(metadata).queued ? 'start' : 'complete');

const put = async (visit: Visit): Promise<Reply> => {
  const { exchange, caller } = visit;
  caller.need('upload');
  const intent = needIntent(exchange, ['content', 'asset']);
  const upload = await uploadIn(visit);
  needUnmodified(visit, upload.touchedAt);
  const tokens = { uploadToken: upload.id, ...(upload.group !== null && { sessionToken: upload.group }) };
  const act = actOf(intent, upload);
  if (act === 'start') return start(visit, saidOf(await readMembers(exchange, largestArguments), tokens), 200);
  const label = needLabel(visit, status);
  const said = saidOf(await readMembers(exchange, largestArguments), tokens);
  const now = await (act === 'complete' ? completeFile(visit, said) : changeFile(visit, said));
  return jsonReply(200, label, fileShape(now));
};

const look = async (visit: Visit): Promise<Reply> => {
  const label = needLabel(visit, status);
  const upload = await uploadIn(visit);
  return jsonReply(200, label, fileShape(upload, chunkRuns(upload, await visit.host.engine.ranges(upload.id))));
};

const cancel = async (visit: Visit): Promise<Reply> => {
  const upload = await uploadIn(visit);
  needUnmodified(visit, upload.touchedAt);
  await cancelFile(visit, upload.id);
  return { status: 204 };
};

/** The routes of files, in sessions and alone (§B2). */
export const fileRoutes = (parts: RestParts, base: string): Route[] => {
  const all = `${base}/Sessions/:session/Uploads`;
  const one = `${all}/:upload`;
  return [
    restRoute(parts, ['POST', all, 'file start'], create),
    restRoute(parts, ['PUT', one, 'file'], put),
    restRoute(parts, ['GET', one, 'file status'], look),
    restRoute(parts, ['DELETE', one, 'file cancel'], cancel),
  ];
};
