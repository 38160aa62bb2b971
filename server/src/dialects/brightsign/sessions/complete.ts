import { Refusal } from '../../../engine/refusals.js';
import type { Upload } from '../../../engine/upload.js';
import { type Asker, needGroup } from '../asker.js';
import { type FileFacts, type FileSaid, type PageSaid, type UploadFacts, uploadFacts } from '../facts.js';
import { malformed } from '../parameters.js';
import { keepGiven, overruled } from '../uploads/rules.js';
import { type Session, sessionOf } from './session.js';
import { type SettledFile, settle } from './settle.js';
import { addressOf, needDistinct } from './start.js';

/** Where an asset is said to be. */
const addressSaid = ({ relativePath = '\\', fileName = '' }: FileFacts): string => `${relativePath}${fileName}`;

/**
 * What is said now of each asset: told by its token, else by its path and name, else by its place in the list, if that has as
 * many. An asset that nothing is said of stays as it was announced; none can be added. Refuses `malformed`.
 */
export const pairUp = (assets: readonly Upload[], said: readonly FileSaid[]): ReadonlyMap<string, FileSaid> => {
  const byToken = new Map(assets.map((upload) => [upload.id, upload]));
  const byAddress = new Map(assets.map((upload) => [addressOf(uploadFacts(upload.metadata)), upload]));
  const pairs = new Map<string, FileSaid>();
  for (const [index, each] of said.entries()) {
    const inPlace = said.length === assets.length ? assets[index] : undefined;
    const upload = each.uploadToken
      ? byToken.get(each.uploadToken)
      : (byAddress.get(addressSaid(each.facts)) ?? inPlace);
    if (!upload)
      throw malformed(`The asset ${addressSaid(each.facts)} was not announced when the session was started.`);
    if (pairs.has(upload.id)) throw malformed(`The asset ${addressSaid(each.facts)} is there twice.`);
    pairs.set(upload.id, each);
  }
  return pairs;
};

/** An asset's arguments name its page's content with `contentId` nowhere: there it is the asset's own. */
const overruledAsset = (before: UploadFacts, said: FileSaid | undefined): UploadFacts => {
  if (!said) return before;
  const { contentId } = said.facts;
  return { ...overruled(before, said), ...(contentId !== undefined && { webPageAssetId: contentId }) };
};

/**
 * Makes a session a web page, once: a completed one answers again. Refuses what the caller may not do, `no-such-group`,
 * `not-open`, and `malformed` where a file is missing or is not what was said of it.
 */
export const completeSession = async (asker: Asker, said: PageSaid): Promise<Session> => {
  const { host, caller } = asker;
  caller.need('upload');
  if (!said.sessionToken) throw malformed('The session token must not be empty.');
  const group = await needGroup(asker, said.sessionToken);
  const session = await sessionOf(asker, group);
  if (group.state === 'finished') return session;
  if (group.state !== 'open') throw new Refusal('not-open', { id: group.id, state: group.state });

  const pairs = pairUp(session.assets, said.assets);
  const file = async (upload: Upload, facts: UploadFacts, each: FileSaid | undefined): Promise<SettledFile> => ({
    token: upload.id,
    facts: { ...facts, ...(await keepGiven(asker, each?.thumb, group.id)) },
  });
  const { contentId: _same, contentType: _fixed, ...pageFacts } = said.facts;
  const page = await file(session.page, overruled(uploadFacts(session.page.metadata), { facts: pageFacts }), said);
  const assets: SettledFile[] = [];
  for (const upload of session.assets) {
    const each = pairs.get(upload.id);
    assets.push(await file(upload, overruledAsset(uploadFacts(upload.metadata), each), each));
  }
  needDistinct(assets.map(({ facts }) => facts));
  const finished = await host.engine.finishGroup(group.id, {
    record: settle(host, { page, assets, ...(said.name !== undefined && { name: said.name }) }),
  });
  return sessionOf(asker, finished);
};
