import type { Upload } from '../../../engine/upload.js';
import { type Asker, needUpload } from '../asker.js';
import { type FileSaid, toMetadata, uploadFacts } from '../facts.js';
import { filing } from '../library/filing.js';
import { needToken } from '../parameters.js';
import { declaredOf, judgeRole, judgeUpdate, keepGiven, overruled } from './rules.js';

/**
 * Makes an upload a content; one that is complete answers again. Refuses what the caller may not do, and `malformed`,
 * `incomplete`, `size-conflict`, `digest-mismatch` (the upload is corrupt then), `not-open`, `no-such-upload`.
 */
export const completeFile = async (asker: Asker, said: FileSaid): Promise<Upload> => {
  const { host, caller } = asker;
  caller.need('upload');
  const upload = await needUpload(asker, needToken(said.uploadToken), said.sessionToken);
  if (upload.state === 'finished') return upload;
  judgeRole(upload, upload.group === null ? undefined : said.facts.contentId);
  const facts = overruled(uploadFacts(upload.metadata), said);
  await judgeUpdate(asker, facts.contentId);
  const kept = await keepGiven(asker, said.thumb, upload.group ?? upload.id);
  // What a session announced is known as a size only once the file was begun.
  const size = said.facts.fileSize ?? (upload.size === null ? facts.fileSize : undefined);
  return host.engine.finish(upload.id, {
    ...(size !== undefined && { size }),
    declared: declaredOf(facts),
    metadata: toMetadata({ ...facts, ...kept }),
    onMismatch: 'corrupt',
    ...filing(host),
  });
};
