import { Refusal } from '../../engine/refusals.js';
import type { Upload } from '../../engine/upload.js';
import { text } from '../../http/answers.js';
import type { File } from '../../services/catalog/catalog.js';
import { attachment } from '../../wire/disposition/disposition.js';
import { answerDownload, isKnown } from '../../wire/ranges/download.js';
import { type Context, idOf, needAlive, type Operation } from './context.js';
import { catchUp, type Result } from './finish.js';

/** The bytes behind an upload's address never change, so any digest tells them from others. */
const tagOf = ({ digests, size }: Upload): string => `"${digests.sha256 ?? digests.crc32 ?? ''}-${size ?? 0}"`;

/** The file that an upload became. Refuses `no-such-file` where somebody removed it. */
const needFile = async ({ host }: Context, upload: Upload): Promise<File> => {
  const { fileId } = upload.result as Result;
  const file = await host.ledger.read((facts) => host.catalog.findFile(facts, fileId));
  if (!file?.versions.some((version) => version.object === upload.object))
    throw new Refusal('no-such-file', { id: String(fileId) });
  return file;
};

/** `GET`: the file of a finished upload, or a range of it. */
export const download: Operation = async (exchange, caller, context) => {
  caller.need('view');
  const upload = await catchUp(context, await needAlive(context, idOf(exchange), caller));
  const { state, size, received } = upload;
  // The upload is there, so 404 would be wrong: it is its file that is not.
  if (state !== 'finished' || size === null)
    return text(409, `${received} of ${size ?? 'an unknown number of'} bytes are there.`);
  const file = await needFile(context, upload);
  const etag = tagOf(upload);
  if (isKnown(exchange.headers, etag)) return { status: 304, headers: { etag } };
  const answer = answerDownload(exchange.headers, { size, etag });
  if (answer.status === 416) throw new Refusal('not-satisfiable', { size });
  return {
    status: answer.status,
    headers: {
      ...answer.headers,
      'content-type': file.type,
      ...attachment(file.name),
    },
    body: answer.range === null ? '' : context.host.engine.read(upload, answer.range),
  };
};
