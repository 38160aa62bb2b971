import type { Upload } from '../../../engine/upload.js';
import type { Asker } from '../asker.js';
import { uploadFacts } from '../facts.js';
import { type Match, matchingContents } from '../library/matching.js';
import { readSha1 } from '../parameters.js';

/** An upload that has begun, and what the server has already of its file. */
export interface Begun {
  readonly upload: Upload;
  readonly matches: readonly Match[];
}

/** What the library has already of a file whose hash was told (§A10). */
export const negotiate = async ({ host }: Asker, upload: Upload): Promise<readonly Match[]> => {
  const { sha1Hash, fileName } = uploadFacts(upload.metadata);
  if (sha1Hash === undefined) return [];
  const wanted = { sha1: readSha1(sha1Hash), size: upload.size, fileName };
  return host.ledger.read((facts) => matchingContents(host.catalog, facts, wanted));
};
