import type { Reply, Route } from '../../../http/exchange.js';
import { malformed } from '../parameters.js';
import { acceptChunk, stageChunk } from '../uploads/append.js';
import { uploadIn } from './files.js';
import { Problem } from './problems.js';
import { chunkRuns } from './shapes.js';
import { jsonReply, needLabel, type RestParts, restRoute, type Visit } from './visit.js';

/** Where a chunk goes; at the file's first byte where nothing is said (specs/brightsign.md §B2). */
const offsetOf = ({ exchange }: Visit): number => {
  const [, text] = [...exchange.query].find(([name]) => name.toLowerCase() === 'offset') ?? [];
  if (text === undefined || text === '') return 0;
  if (!/^-?\d{1,15}$/.test(text)) throw malformed('The offset must be a whole number.');
  if (Number(text) < 0) throw malformed('The offset must not be negative.');
  return Number(text);
};

/** Adds the body as a chunk. Any type will do, since browsers name their own, but for forms with bytes of their own. */
const append = async (visit: Visit): Promise<Reply> => {
  const { exchange, caller, host } = visit;
  caller.need('upload');
  if (/^\s*multipart\//i.test(exchange.headers['content-type'] ?? ''))
    throw new Problem(415, 'A chunk is the bare bytes, application/octet-stream.');
  const offset = offsetOf(visit);
  const { id, group } = await uploadIn(visit);
  const place = { uploadToken: id, offset, ...(group !== null && { sessionToken: group }) };
  const staged = await stageChunk(visit, place, exchange.body());
  try {
    if (!(await acceptChunk(visit, place, { staged: staged.length === 0 ? undefined : staged })))
      throw new Problem(500, 'The chunk could not be stored.');
  } finally {
    // What was accepted stays.
    await host.engine.discard(staged);
  }
  return { status: 201, headers: { 'content-length': 0 } };
};

const list = async (visit: Visit): Promise<Reply> => {
  const label = needLabel(visit, 'upload.content.chunk.status.list');
  const upload = await uploadIn(visit);
  return jsonReply(200, label, chunkRuns(upload, await visit.host.engine.ranges(upload.id)));
};

/** The routes of a file's chunks (§B2). */
export const chunkRoutes = (parts: RestParts, base: string): Route[] => {
  const path = `${base}/Sessions/:session/Uploads/:upload/Chunks`;
  return [restRoute(parts, ['POST', path, 'chunk'], append), restRoute(parts, ['GET', path, 'chunks'], list)];
};
