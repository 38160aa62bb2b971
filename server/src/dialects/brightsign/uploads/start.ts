import type { Upload } from '../../../engine/upload.js';
import { dialectName } from '../address.js';
import { type Asker, findUpload, needUpload, reservation } from '../asker.js';
import { type FileSaid, startFacts, toMetadata, type UploadFacts } from '../facts.js';
import { largestFile, needToken } from '../parameters.js';
import { beginQueued } from '../sessions/files.js';
import { type Begun, negotiate } from './negotiate.js';
import { declaredOf, judgeUpdate, keepGiven } from './rules.js';

/** The upload that an own token names, emptied: it went wrong or is not over, and begins anew (§A9). */
const restart = async (asker: Asker, token: string | undefined, size: number | null): Promise<Upload | undefined> => {
  const again = token ? await findUpload(asker, token) : undefined;
  const startable = again?.state === 'corrupt' || again?.state === 'open';
  return again && startable ? asker.host.engine.reset(again.id, { size }) : undefined;
};

const openUpload = (asker: Asker, facts: UploadFacts): Promise<Upload> =>
  asker.host.engine.open({
    ...reservation(asker),
    dialect: dialectName,
    owner: asker.caller.account.name,
    size: facts.fileSize ?? null,
    maxSize: largestFile,
    declared: declaredOf(facts),
    follow: ['sha1'],
    metadata: toMetadata(facts),
    from: asker.from,
  });

const startAlone = async (asker: Asker, said: FileSaid): Promise<Begun> => {
  const { host, dataNamespace } = asker;
  const facts = { ...startFacts(said.facts), ...(dataNamespace !== undefined && { dataNamespace }) };
  await judgeUpdate(asker, facts.contentId);
  const again = await restart(asker, said.uploadToken, facts.fileSize ?? null);
  let upload = again ?? (await openUpload(asker, facts));
  // Only now that the upload is there, so that a refused one leaves no thumbnail behind.
  const kept = await keepGiven(asker, said.thumb, upload.id);
  if (again || kept.thumb !== undefined) {
    const { expiry } = reservation(asker);
    const metadata = toMetadata({ ...facts, ...kept });
    upload = await host.engine.amend(upload.id, { metadata, declared: declaredOf(facts), expiry });
  }
  return { upload, matches: await negotiate(asker, upload) };
};

/**
 * Begins the upload of a file, or of one that a session announced, which the tokens name; one that went wrong or is not over
 * begins anew. Refuses what the caller may not do, and `malformed`, `no-such-upload`, `no-such-group`, `no-such-file`.
 */
export const startFile = async (asker: Asker, said: FileSaid): Promise<Begun> => {
  asker.caller.need('upload');
  const named = said.uploadToken ? await findUpload(asker, said.uploadToken) : undefined;
  if (named?.group == null && !said.sessionToken) return startAlone(asker, said);
  const upload = await needUpload(asker, needToken(said.uploadToken), said.sessionToken);
  return beginQueued(asker, upload, said);
};
