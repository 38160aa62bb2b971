import { createHash } from 'node:crypto';
import type { Upload } from '../../../engine/upload.js';
import type { Staged } from '../../../engine/verbs.js';
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
import { uploaded, uploadShape } from './answers.js';
import { type FilePart, headerName, readFile } from './form.js';
import { endUpload, getSession, putSession, type Session } from './sessions.js';

/** Bytes that were taken in, and what their part says of them. */
interface Taken {
  readonly upload: Upload;
  readonly staged: Staged;
  readonly part: FilePart;
}

/** The answer for an input of a job. */
export const answerInput = async ({ parts, id }: JobVisit, input: string): Promise<Reply> => {
  const job = await parts.host.ledger.read((facts) => getJob(facts, id));
  const found = job?.inputs.find((each) => each.id === input);
  if (!found) throw problems.notFound('Input');
  return uploaded(uploadShape(id, found));
};

const differs = () => problems.conflict('There is another upload with this uuid in this job.');

/** The same file again under its uuid: its answer may have been lost. Its bytes are compared, and not kept. */
const repeated = async (visit: JobVisit, session: Session): Promise<Reply> => {
  if (session.md5 === null) throw differs();
  const digest = async ({ body }: FilePart): Promise<string> => {
    const hash = createHash('md5');
    for await (const bytes of body) hash.update(bytes);
    return hash.digest('hex');
  };
  const { taken } = await readFile(visit.exchange, { raw: true, take: digest, drop: async () => undefined });
  if (taken !== session.md5) throw differs();
  return answerInput(visit, session.input);
};

/** How the whole of a file is uploaded. */
export interface Whole {
  readonly uuid?: string;
  /** The body may be the file itself. */
  readonly raw: boolean;
  /** Bytes that the request says the file has. */
  readonly length?: number;
}

/** `POST upload-file` with the whole of a file (specs/api2convert.md §9). */
export const uploadWhole = async (visit: JobVisit, { uuid, raw, length: said }: Whole): Promise<Reply> => {
  const { parts, exchange, id, job, caller } = visit;
  const { host, options } = parts;
  const { gone, remote: from } = exchange;
  if (uuid !== undefined) {
    const session = await host.ledger.read((facts) => getSession(facts, id, uuid));
    if (session) return repeated(visit, session);
  }
  needTaking(job, options.maxInputs);

  const nameOf = (part: FilePart): string => safeName(part.name ?? headerName(exchange) ?? '');

  const take = async (part: FilePart): Promise<Taken> => {
    const spec = openSpec(parts, caller.account, options.sessionLife, nameOf(part));
    const upload = await host.engine.open({ ...spec, chunkFollows: true, from });
    try {
      const { length } = part;
      const stage = { upload: upload.id, offset: 0, keep: 'whole', length, gone, from } as const;
      return { upload, part, staged: await host.engine.stage(part.body, stage) };
    } catch (error) {
      await endUpload(parts, upload.id);
      throw error;
    }
  };
  const drop = async ({ upload, staged }: Taken): Promise<void> => {
    await host.engine.discard(staged);
    await endUpload(parts, upload.id);
  };

  const { taken, password } = await readFile(exchange, { raw, take, drop });
  if (said !== undefined && taken.staged.length !== said) {
    await drop(taken);
    throw problems.bad(`The file does not have the ${said} bytes of its Content-Range.`);
  }
  const input = newUuid(host.ids);
  const name = nameOf(taken.part);
  const finish = becomingInput(
    parts,
    id,
    { name, type: taken.part.type },
    async (facts, _job, stored) => {
      if (uuid !== undefined) {
        if (await getSession(facts, id, uuid)) throw differs();
        const { size: total, digests } = stored;
        const about = { name, nameRank: 'first', type: stored.type, password: null } as const;
        putSession(facts, id, uuid, { input, upload: taken.upload.id, total, md5: digests.md5 ?? '', ...about });
      }
      return uploadedInput({ id: input, name, password }, stored, host.clock.now());
    },
    (before) => needTaking(before, options.maxInputs),
  );
  try {
    await host.engine.accept(taken.staged, { last: true, finish });
  } catch (error) {
    await drop(taken);
    throw error;
  }
  const saved = await host.ledger.read((facts) => getJob(facts, id));
  if (saved) await afterSaving(parts, id, saved);
  return answerInput(visit, input);
};
