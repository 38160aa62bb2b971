import { isRefusal } from '../../../engine/refusals.js';
import type { Upload } from '../../../engine/upload.js';
import type { FinishSpec, Staged } from '../../../engine/verbs.js';
import type { Reply } from '../../../http/exchange.js';
import { newUuid } from '../ids.js';
import { becomingInput } from '../inputs/ready.js';
import { openSpec } from '../inputs/storing.js';
import { afterSaving } from '../jobs/change.js';
import { getJob } from '../jobs/records.js';
import { safeName } from '../names.js';
import { problems } from '../problems.js';
import type { JobVisit } from '../visit.js';
import { needTaking, uploadedInput } from './accepting.js';
import { partialShape, uploaded } from './answers.js';
import type { ChunkPlace } from './content-range.js';
import { discardBody, type FilePart, headerName, readFile } from './form.js';
import { dropSession, endUpload, getSession, nameRanks, putSession, type Session } from './sessions.js';
import { answerInput } from './whole.js';

/** One chunk, and of which upload. */
interface Chunk {
  readonly uuid: string;
  readonly place: ChunkPlace;
}

interface Taken {
  readonly staged: Staged;
  readonly part: FilePart;
}

const otherTotal = ({ total }: Session, given: number) =>
  problems.conflict(`The total of this upload is ${total} bytes, not ${given}.`);

/**
 * The session of this uuid; nothing where its time was over before it became an input, so that it begins anew. Refuses one whose
 * upload somebody cancelled: what is still on its way for it is not wanted.
 */
const findSession = async ({ parts, id }: JobVisit, uuid: string): Promise<Session | undefined> => {
  const { engine, ledger } = parts.host;
  const session = await ledger.read((facts) => getSession(facts, id, uuid));
  if (!session || session.md5 !== null) return session;
  const upload = await engine.find(session.upload);
  if (upload?.state === 'cancelled') throw problems.gone('The upload was cancelled.');
  if (upload?.state !== 'expired') return session;
  await ledger.transact(async (facts) => {
    const now = await getSession(facts, id, uuid);
    if (now?.upload === session.upload && now.md5 === null) dropSession(facts, id, uuid);
  });
  return undefined;
};

/** What this chunk has to say of the file's name: that of the first counts most, and `blob` is none (specs/api2convert.md §10). */
const namedBy = ({ exchange }: JobVisit, { place }: Chunk, part: FilePart): Pick<Session, 'name' | 'nameRank'> => {
  const own = part.name === null || /^blob$/i.test(part.name.trim()) || part.name.trim() === '' ? null : part.name;
  if (own !== null && place.range.start === 0) return { name: safeName(own), nameRank: 'first' };
  const header = headerName(exchange);
  if (header !== null) return { name: safeName(header), nameRank: 'header' };
  return own === null ? { name: null, nameRank: 'none' } : { name: safeName(own), nameRank: 'chunk' };
};

const isBetter = (one: Session['nameRank'], other: Session['nameRank']): boolean =>
  nameRanks.indexOf(one) > nameRanks.indexOf(other);

/** The upload's session, begun with this chunk if it is the first to be judged sound; with what the chunk says of the file. */
const enter = (visit: JobVisit, chunk: Chunk, part: FilePart, password: string | null): Promise<Session> => {
  const { parts, id } = visit;
  const { host } = parts;
  const { uuid, place } = chunk;
  const named = namedBy(visit, chunk, part);
  const type = place.range.start === 0 ? part.type : null;
  const blank = { input: newUuid(host.ids), upload: host.ids.next(), total: place.total, md5: null } as const;
  return host.ledger.transact(async (facts) => {
    const before = await getSession(facts, id, uuid);
    if (before && before.total !== place.total) throw otherTotal(before, place.total);
    if (before?.md5) return before;
    const known: Session = before ?? { ...blank, name: null, nameRank: 'none', type: null, password: null };
    const after: Session = {
      ...known,
      ...(isBetter(named.nameRank, known.nameRank) && named),
      type: type ?? known.type,
      password: password ?? known.password,
    };
    if (JSON.stringify(after) !== JSON.stringify(before)) putSession(facts, id, uuid, after);
    return after;
  }, 'relaxed');
};

/** The session's upload; opened if it is not yet, by whichever of its chunks is first. */
const openUpload = async ({ parts, caller, exchange }: JobVisit, session: Session): Promise<Upload> => {
  const { engine } = parts.host;
  const found = await engine.find(session.upload);
  if (found) return found;
  try {
    const spec = openSpec(parts, caller.account, parts.options.sessionLife, session.name);
    return await engine.open({
      ...spec,
      id: session.upload,
      size: session.total,
      chunkFollows: true,
      from: exchange.remote,
    });
  } catch (error) {
    // Another chunk was quicker.
    if (!isRefusal(error, 'malformed')) throw error;
    return engine.look(session.upload);
  }
};

/** How a session's upload becomes an input: by the last of its chunks, whichever that is. */
const finishing = ({ parts, id }: JobVisit, uuid: string, input: string): FinishSpec => {
  const sessionIn = async (facts: Parameters<typeof getSession>[0]): Promise<Session> => {
    const session = await getSession(facts, id, uuid);
    if (!session || session.input !== input) throw problems.conflict('The job does not accept this upload any more.');
    return session;
  };
  return becomingInput(
    parts,
    id,
    async (facts) => {
      const { name, type } = await sessionIn(facts);
      return { name: name ?? 'output', type };
    },
    async (facts, _job, stored, { name }) => {
      const session = await sessionIn(facts);
      putSession(facts, id, uuid, { ...session, md5: stored.digests.md5 ?? '' });
      return uploadedInput({ id: input, name, password: session.password }, stored, parts.host.clock.now());
    },
    (job) => needTaking(job, parts.options.maxInputs),
  );
};

/** Ends an upload whose job does not want it any more. */
const abandon = async ({ parts, id }: JobVisit, uuid: string, { upload }: Session): Promise<void> => {
  await parts.host.ledger.transact(async (facts) => dropSession(facts, id, uuid));
  await endUpload(parts, upload);
};

/** How far the upload of a session is; complete, it is answered as an input. */
const standing = async (visit: JobVisit, uuid: string, session: Session): Promise<Reply> => {
  const { parts, id } = visit;
  const { engine, ledger } = parts.host;
  const now = await ledger.read((facts) => getSession(facts, id, uuid));
  if (now?.md5) return answerInput(visit, now.input);
  const upload = await engine.find(session.upload);
  const ranges = upload ? await engine.ranges(session.upload) : [];
  const { input, total } = session;
  return uploaded(partialShape(id, { input, total, received: upload?.received ?? 0, ranges }));
};

/** Finishes an upload all of whose bytes are there, as the process died before it did. */
const catchUp = async (visit: JobVisit, uuid: string, session: Session): Promise<void> => {
  const { parts, id } = visit;
  const upload = await parts.host.engine.find(session.upload);
  if (!upload || upload.state === 'finished' || upload.contiguous !== session.total) return;
  await parts.host.engine.finish(session.upload, finishing(visit, uuid, session.input));
  const saved = await parts.host.ledger.read((facts) => getJob(facts, id));
  if (saved) await afterSaving(parts, id, saved);
};

const take = async (visit: JobVisit, chunk: Chunk, session: Session | undefined, part: FilePart): Promise<Taken> => {
  const { exchange, parts } = visit;
  const { range } = chunk.place;
  const length = range.end - range.start;
  const wrong = () => problems.bad(`The chunk does not have the ${length} bytes of its Content-Range.`);
  if (part.length !== null && part.length !== length) throw wrong();
  const { gone, remote: from } = exchange;
  const shape = { keep: 'whole', length: part.length, limit: length, gone, from } as const;
  // Nothing is begun for a client by a chunk that is not sound, which is known when its bytes are there.
  const place = session ? { upload: (await openUpload(visit, session)).id, offset: range.start } : {};
  try {
    const staged = await parts.host.engine.stage(part.body, { ...shape, ...place });
    if (staged.length === length) return { staged, part };
    await parts.host.engine.discard(staged);
  } catch (error) {
    // The total was judged before; what is too large is the slice.
    if (!isRefusal(error, 'too-large') && !isRefusal(error, 'beyond-end')) throw error;
  }
  throw wrong();
};

/** Takes a sound chunk into its upload; the last one makes it an input, in the same step. */
const accept = async (visit: JobVisit, chunk: Chunk, { staged, part }: Taken, password: string | null) => {
  const { parts, id } = visit;
  const { engine, ledger } = parts.host;
  const { range } = chunk.place;
  let session: Session | undefined;
  try {
    session = await enter(visit, chunk, part, password);
    if (session.md5 !== null) {
      await engine.discard(staged);
      return session;
    }
    const { id: upload } = await openUpload(visit, session);
    const finish = finishing(visit, chunk.uuid, session.input);
    await engine.accept(staged, { upload, offset: range.start, overlap: 'replace', finish });
  } catch (error) {
    await engine.discard(staged);
    const job = await ledger.read((facts) => getJob(facts, id));
    if (session && job && job.status !== 'incomplete' && job.status !== 'ready')
      await abandon(visit, chunk.uuid, session);
    throw error;
  }
  const saved = await ledger.read((facts) => getJob(facts, id));
  if (saved) await afterSaving(parts, id, saved);
  return session;
};

/** `POST upload-file` with a chunk of a file (specs/api2convert.md §10): in any order, at the same time as others, again. */
export const uploadChunk = async (visit: JobVisit, chunk: Chunk): Promise<Reply> => {
  const { parts, exchange, id, job } = visit;
  const { uuid, place } = chunk;
  const session = await findSession(visit, uuid);
  if (session && session.total !== place.total) throw otherTotal(session, place.total);
  if (session?.md5) {
    await discardBody(exchange);
    return answerInput(visit, session.input);
  }
  needTaking(job, parts.options.maxInputs);
  try {
    const { taken, password } = await readFile(exchange, {
      raw: true,
      take: (part) => take(visit, chunk, session, part),
      drop: ({ staged }) => parts.host.engine.discard(staged),
    });
    return await standing(visit, uuid, await accept(visit, chunk, taken, password));
  } catch (error) {
    // Meanwhile another chunk has completed the upload, with all the bytes of this one.
    const now = await parts.host.ledger.read((facts) => getSession(facts, id, uuid));
    if (!isRefusal(error, 'not-open') || !now?.md5) throw error;
    return answerInput(visit, now.input);
  }
};

/** `GET upload-file`: how far an upload is, for a client that comes back. Refuses 404. */
export const lookAtUpload = async (visit: JobVisit, uuid: string): Promise<Reply> => {
  const session = await findSession(visit, uuid);
  if (!session) throw problems.notFound('Upload');
  await catchUp(visit, uuid, session);
  return standing(visit, uuid, session);
};
