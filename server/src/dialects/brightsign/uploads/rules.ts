import { Refusal } from '../../../engine/refusals.js';
import type { Upload } from '../../../engine/upload.js';
import type { Asker } from '../asker.js';
import { type FileSaid, type UploadFacts, uploadFacts } from '../facts.js';
import { needContent } from '../library/places.js';
import { malformed, readSha1 } from '../parameters.js';
import { keepThumbnail } from '../thumbnails/keep.js';

/** Refuses to overwrite a content without the permission for it, or one that is not there (§A11). */
export const judgeUpdate = async ({ caller, host }: Asker, contentId: number | undefined): Promise<void> => {
  if (contentId === undefined) return;
  caller.need('update');
  await host.ledger.read((facts) => needContent(host.catalog, facts, contentId));
};

/** Keeps the thumbnail that came with a file, if one did; `awaits`: what is going to use it. */
export const keepGiven = async (
  { host, caller }: Asker,
  thumb: Buffer | undefined,
  awaits: string,
): Promise<{ thumb?: number }> => {
  if (!thumb) return {};
  const { account } = caller;
  const kept = { bytes: thumb, owner: account.name, quota: host.quota.limit(account), awaits };
  return { thumb: await keepThumbnail(host, kept) };
};

/** The digest that an upload's bytes must have, if its hash was told. */
export const declaredOf = ({ sha1Hash }: { sha1Hash?: string }) =>
  sha1Hash === undefined ? {} : { sha1: readSha1(sha1Hash) };

/** Refuses a file of a session that says that it overwrites another content than its page. */
export const judgeRole = ({ metadata }: Upload, contentId: number | undefined): void => {
  const before = uploadFacts(metadata);
  if (contentId === undefined || before.role === 'asset' || contentId === before.contentId) return;
  if (before.contentId === undefined) throw new Refusal('no-such-file', { id: String(contentId) });
  throw malformed(`The content id ${contentId} is not that of the web page, which is ${before.contentId}.`);
};

/** What was said before, overruled by what is said now (§A6). */
export const overruled = (before: UploadFacts, { facts }: FileSaid): UploadFacts => {
  // A file of a session is told by its page, whatever content it says that it overwrites.
  const { contentId, ...rest } = facts;
  const { queued: _queued, ...kept } = before;
  return { ...kept, ...rest, ...(before.role === undefined && contentId !== undefined && { contentId }) };
};
