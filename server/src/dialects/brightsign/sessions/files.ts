import { Refusal } from '../../../engine/refusals.js';
import type { Upload } from '../../../engine/upload.js';
import { type Asker, needGroup } from '../asker.js';
import { type FileSaid, sessionFacts, toMetadata, type UploadFacts, uploadFacts } from '../facts.js';
import { type Match, matchingAsset } from '../library/matching.js';
import { readSha1 } from '../parameters.js';
import type { Begun } from '../uploads/negotiate.js';
import { declaredOf, judgeRole, judgeUpdate, keepGiven, overruled } from '../uploads/rules.js';

/** What the page that is updated has already of an asset whose hash was told (§A10). */
const negotiateAsset = async (
  { host }: Asker,
  webPageId: number | undefined,
  { sha1Hash, role, fileName, fileSize, relativePath = '\\', virtualPath = '' }: UploadFacts,
): Promise<Match | undefined> => {
  if (webPageId === undefined || role !== 'asset' || sha1Hash === undefined) return undefined;
  const wanted = { sha1: readSha1(sha1Hash), size: fileSize ?? null, fileName, relativePath };
  const file = await host.ledger.read((facts) => matchingAsset(host.catalog, facts, webPageId, wanted));
  // Told by the path that the client named: one compares the two to the letter.
  return file && { file, virtualPath };
};

/** Begins a file that a session announced, or begins it anew (see `startFile`). */
export const beginQueued = async (asker: Asker, upload: Upload, said: FileSaid): Promise<Begun> => {
  const { engine } = asker.host;
  const { id, state, metadata: session } = await needGroup(asker, upload.group ?? '');
  if (state !== 'open') throw new Refusal('not-open', { id, state });
  if (upload.state !== 'open' && upload.state !== 'corrupt')
    throw new Refusal('not-open', { id: upload.id, state: upload.state });
  judgeRole(upload, said.facts.contentId);
  const { match: _before, ...facts } = overruled(uploadFacts(upload.metadata), said);
  await judgeUpdate(asker, facts.contentId);
  const size = facts.fileSize ?? null;
  const untouched = upload.state === 'open' && upload.received === 0 && (upload.size === null || upload.size === size);
  if (!untouched) await engine.reset(upload.id, { size });
  const kept = await keepGiven(asker, said.thumb, id);
  const match = await negotiateAsset(asker, sessionFacts(session).webPageId, facts);
  const metadata = toMetadata({ ...facts, ...kept, ...(match && { match: match.file.id }) });
  const sized = untouched && size !== null ? { size } : {};
  const begun = await engine.amend(upload.id, { ...sized, metadata, declared: declaredOf(facts) });
  return { upload: begun, matches: match ? [match] : [] };
};
