import type { Json } from '../../../kit/json.js';
import { dialectName } from '../address.js';
import { type Asker, reservation } from '../asker.js';
import { type FileSaid, type PageSaid, startFacts, toMetadata, type UploadFacts, uploadFacts } from '../facts.js';
import { findPageName, needPage } from '../library/pages.js';
import { largestFile, malformed } from '../parameters.js';
import { keepGiven } from '../uploads/rules.js';
import { type Session, sessionOf } from './session.js';

/** The page that is to be updated: the one that is told, or the one that has the page's name already (§A6, Name). */
const updatedPage = async ({ host, caller }: Asker, said: PageSaid, name: string): Promise<number | undefined> => {
  const { webPageId } = said;
  const id = webPageId ?? (await host.ledger.read((facts) => findPageName(facts, name)));
  if (id === undefined) return undefined;
  caller.need('update');
  await host.ledger.read((facts) => needPage(host.catalog, facts, id));
  return id;
};

/** A file's name without its ending. */
export const stemOf = (fileName: string): string => fileName.replace(/(?<=.)\.[^.]*$/, '');

/** Where an asset lies beside its page, with its name: no two assets may have the same. */
export const addressOf = ({ relativePath = '\\', fileName }: UploadFacts): string => `${relativePath}${fileName}`;

const assetFacts = (said: FileSaid, index: number): UploadFacts => {
  if (said.facts.fileName === undefined) throw malformed(`Asset ${index + 1}: The file name must not be empty.`);
  // An asset overwrites nothing but what it is in its page.
  const { contentId, ...facts } = startFacts(said.facts);
  return { relativePath: '\\', ...(contentId !== undefined && { webPageAssetId: contentId }), ...facts, role: 'asset' };
};

/** Refuses `malformed` where two files of a page are the same. */
export const needDistinct = (assets: readonly UploadFacts[]): void => {
  const seen = new Set<string>();
  for (const asset of assets) {
    const address = addressOf(asset);
    if (seen.has(address)) throw malformed(`The asset ${address} is there twice.`);
    seen.add(address);
  }
};

/** Keeps the thumbnails that came with a session's announcement; each with its upload. */
const keepThumbnails = async (asker: Asker, session: Session, said: PageSaid): Promise<Session> => {
  const all = [said, ...said.assets];
  const uploads = [session.page, ...session.assets];
  let changed = false;
  for (const [index, upload] of uploads.entries()) {
    const kept = await keepGiven(asker, all[index]?.thumb, session.group.id);
    if (kept.thumb === undefined) continue;
    const metadata = toMetadata({ ...uploadFacts(upload.metadata), ...kept });
    await asker.host.engine.amend(upload.id, { metadata });
    changed = true;
  }
  return changed ? sessionOf(asker, session.group) : session;
};

/**
 * Begins a session for a web page and its assets, or for an update of a page; gives each file an upload. Refuses what the
 * caller may not do, `malformed`, and `no-such-file` for a page that is not there.
 */
export const startSession = async (asker: Asker, said: PageSaid): Promise<Session> => {
  const { host, caller, from, dataNamespace } = asker;
  caller.need('upload');
  const { contentId: _none, ...started } = startFacts(said.facts);
  const assets = said.assets.map(assetFacts);
  needDistinct(assets);
  const name = said.name ?? stemOf(started.fileName);
  const webPageId = await updatedPage(asker, said, name);
  const page: UploadFacts = {
    ...started,
    contentType: 'WebPage',
    role: 'page',
    ...(webPageId !== undefined && { contentId: webPageId }),
  };
  const spoken = dataNamespace === undefined ? {} : { dataNamespace };
  const { quota, expiry } = reservation(asker);
  const queued = (facts: UploadFacts) => ({
    maxSize: largestFile,
    follow: ['sha1'] as const,
    metadata: toMetadata({ ...facts, ...spoken, queued: true }),
    quota,
    from,
  });
  // A page that is told by its id keeps its name, unless another one is told.
  const named = said.name !== undefined || webPageId === undefined ? { name } : {};
  const group = await host.engine.openGroup({
    dialect: dialectName,
    owner: caller.account.name,
    metadata: toMetadata({ ...named, ...spoken, ...(webPageId !== undefined && { webPageId }) }) satisfies Json,
    expiry,
    uploads: [page, ...assets].map(queued),
  });
  return keepThumbnails(asker, await sessionOf(asker, group), said);
};
