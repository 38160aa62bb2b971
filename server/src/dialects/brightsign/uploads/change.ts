import { Refusal } from '../../../engine/refusals.js';
import type { Upload } from '../../../engine/upload.js';
import { type Asker, needUpload } from '../asker.js';
import { type FileSaid, toMetadata, uploadFacts } from '../facts.js';
import { needToken } from '../parameters.js';
import { declaredOf, judgeRole, judgeUpdate, keepGiven, overruled } from './rules.js';

/**
 * Overrules what was said of an open upload, which goes on as it was. Refuses what the caller may not do, and `malformed`,
 * `size-conflict`, `not-open`, `no-such-upload`.
 */
export const changeFile = async (asker: Asker, said: FileSaid): Promise<Upload> => {
  const { host, caller } = asker;
  caller.need('upload');
  const upload = await needUpload(asker, needToken(said.uploadToken), said.sessionToken);
  const { id, state, size } = upload;
  if (state !== 'open') throw new Refusal('not-open', { id, state });
  judgeRole(upload, upload.group === null ? undefined : said.facts.contentId);
  const before = uploadFacts(upload.metadata);
  const facts = { ...overruled(before, said), ...(before.queued && { queued: true }) };
  await judgeUpdate(asker, facts.contentId);
  const { fileSize } = said.facts;
  if (size !== null && fileSize !== undefined && fileSize !== size)
    throw new Refusal('size-conflict', { known: size, given: fileSize });
  const kept = await keepGiven(asker, said.thumb, upload.group ?? id);
  const sized = size === null && fileSize !== undefined && !before.queued ? { size: fileSize } : {};
  const metadata = toMetadata({ ...facts, ...kept });
  return host.engine.amend(id, { ...sized, metadata, declared: declaredOf(facts) });
};
