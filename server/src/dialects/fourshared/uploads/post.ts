import { Refusal } from '../../../engine/refusals.js';
import type { Staged } from '../../../engine/verbs.js';
import { BodyCut, type Exchange, type Reply } from '../../../http/exchange.js';
import { parseMediaType } from '../../../wire/multipart/media-type.js';
import { toWire } from '../ids.js';
import { asJson, asPage, type Outcome, Rejected, rejectionOf } from './answers.js';
import { claimOfQuery, type FilePart, readForm } from './form.js';
import { type Incoming, isComplete, type UploadParts } from './incoming.js';
import type { Keys, Session } from './keys.js';
import { acceptPart, type Claim, type Expected, measure, type Taken, takeApart, takeInPlace } from './part.js';
import type { Sender, Uploads } from './uploads.js';

/** What the POST of a part works with. */
export interface PostParts extends UploadParts {
  readonly keys: Keys;
  readonly uploads: Uploads;
}

/** Who posts, and where files go that were not announced (the catalog's id). */
interface Visitor extends Sender {
  readonly dir: number;
}

/** A part, read to its end. */
interface Part {
  readonly claim: Claim;
  readonly fileName: string | undefined;
  readonly part: Taken;
}

const isRange = ({ file, firstByte }: Claim): boolean => file !== undefined || firstByte !== undefined;

/** What a file is called whose sender may have told a whole path. */
const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** Makes the handler of the POST that brings a file's bytes (specs/fourshared.md §7). */
export const openPost = ({ host, drive, keys, uploads }: PostParts) => {
  const { engine, quota } = host;

  const visitorOf = async ({ caller, dir }: Session, from: string): Promise<Visitor> => {
    const { name } = caller.account;
    const home = await host.ledger.read((facts) => drive.findHome(facts, name));
    if (!home) throw new Rejected(403, 'The session key is not valid.');
    return { caller, home, dir, from };
  };

  /** Refuses where the account has more than it may have by now: what was reserved counts no more than what it is for. */
  const needRoom = async ({ caller: { account } }: Sender): Promise<void> => {
    const limit = quota.limit(account);
    const used = limit === null ? 0 : await quota.used(account);
    if (limit !== null && used > limit)
      throw new Refusal('over-quota', { account: account.name, limit, used, needed: 0 });
  };

  /** The file that a part is for. */
  const need = async (visitor: Visitor, { file = 0, firstByte = 0 }: Claim): Promise<Incoming> => {
    const { home } = visitor;
    const incoming = await uploads.find(file);
    if (!incoming) {
      const done = await host.ledger.read((facts) => drive.findFile(facts, home, file));
      throw done
        ? new Rejected(409, 'The file is finished already.')
        : new Rejected(404, 'There is no file with this id.');
    }
    const { pending, upload } = incoming;
    if (pending.home.drive !== home.drive) throw new Rejected(403, 'The file is not of this account.');
    if (firstByte > (upload.size ?? 0)) throw new Rejected(400, 'First byte is beyond the end of the file.');
    await needRoom(visitor);
    return incoming;
  };

  const take = async (visitor: Visitor, { claim, bytes, length }: FilePart, gone: AbortSignal): Promise<Taken> => {
    const { account } = visitor.caller;
    const limit = quota.largestFile(account) ?? quota.limit(account);
    const expected: Expected = { length, limit, gone, from: visitor.from };
    if (claim.file === undefined || claim.firstByte === undefined) return takeApart(engine, bytes, expected);
    const { pending, upload } = await need(visitor, claim);
    if (pending.state === 'filed') return measure(bytes);
    return takeInPlace(engine, bytes, { upload, firstByte: claim.firstByte }, expected);
  };

  /** A part for what is a file by now: nothing is to be done where it has these very bytes, as the answer to it was lost. */
  const repeat = async ({ upload }: Incoming, firstByte: number, { length, crc }: Taken): Promise<void> => {
    const end = firstByte + length;
    const { object, size } = upload;
    if (size === null || end > size) throw new Refusal('beyond-end', { size: size ?? 0, end });
    if (length === 0) return;
    const there = await measure(engine.readObject(object ?? upload.id, { start: firstByte, end }));
    if (there.crc !== crc) throw new Rejected(409, 'The file is complete; it can be finished, or updated.');
  };

  const place = async (visitor: Visitor, { claim, part }: Part): Promise<Outcome> => {
    const { file, firstByte } = claim;
    if (file === undefined) throw new Rejected(400, 'resumableFileId is missing.');
    if (firstByte === undefined) throw new Rejected(400, 'resumableFirstByte is missing.');
    const incoming = await need(visitor, claim);
    if (incoming.pending.state === 'filed') {
      await repeat(incoming, firstByte, part);
      return { file: toWire(file), complete: true };
    }
    const after = await acceptPart(engine, incoming, { firstByte, part });
    const complete = isComplete(after);
    if (complete) await uploads.keep(incoming);
    return { file: toWire(file), complete };
  };

  /** A whole file that was not announced. */
  const addWhole = async (visitor: Visitor, { fileName, part }: Part): Promise<Outcome> => {
    const name = baseName(fileName ?? '');
    const id = await uploads.start(visitor, { dir: visitor.dir, name, size: part.length });
    try {
      const incoming = await need(visitor, { file: id });
      await acceptPart(engine, incoming, { firstByte: 0, part });
      const problem = await uploads.finish(visitor.home, id, '');
      if (problem !== '') throw new Rejected(400, problem);
      return { file: toWire(id), complete: true };
    } catch (error) {
      await uploads.cancel(visitor.home, id);
      throw error;
    }
  };

  const receive = async (visitor: Visitor, exchange: Exchange, staged: Staged[]): Promise<Outcome> => {
    const keep = async (file: FilePart): Promise<Taken> => {
      const part = await take(visitor, file, exchange.gone);
      staged.push(...part.staged);
      return part;
    };
    const { type } = parseMediaType(exchange.headers['content-type'] ?? '');
    if (type === 'multipart/form-data') {
      const read = await readForm(exchange, keep);
      return isRange(read.claim) ? place(visitor, read) : addWhole(visitor, read);
    }
    if (type !== 'application/octet-stream')
      throw new Rejected(400, 'A form (multipart/form-data) or bytes (application/octet-stream) are wanted.');
    const claim = claimOfQuery(exchange);
    const length = exchange.length ?? undefined;
    const part = await keep({ claim, fileName: undefined, length, bytes: exchange.body() });
    return place(visitor, { claim, fileName: undefined, part });
  };

  return async (exchange: Exchange): Promise<Reply> => {
    const asked = parseMediaType(exchange.headers['content-type'] ?? '').type;
    const answer = asked === 'application/octet-stream' ? asJson : asPage;
    const staged: Staged[] = [];
    try {
      const session = await keys.use(exchange.query.get('sId') ?? '');
      if (!session) throw new Rejected(403, 'The session key is not valid.');
      return answer(await receive(await visitorOf(session, exchange.remote), exchange, staged));
    } catch (error) {
      const rejected = rejectionOf(error);
      if (rejected) return answer({ rejected });
      if (!(error instanceof BodyCut)) host.log.error({ err: error }, 'a part could not be taken');
      if (error instanceof BodyCut) throw error;
      return answer({ rejected: new Rejected(500, 'Internal error.') });
    } finally {
      for (const each of staged) await engine.discard(each);
    }
  };
};
