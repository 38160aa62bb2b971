import type { FactReader, Facts } from '../../../engine/ports.js';
import type { Upload } from '../../../engine/upload.js';
import type { GroupFinish } from '../../../engine/verbs.js';
import type { File } from '../../../services/catalog/catalog.js';
import { newest } from '../../../services/catalog/versions.js';
import type { Host } from '../../dialect.js';
import { type ContentFacts, type PageAsset, sessionFacts, toMetadata, type UploadFacts } from '../facts.js';
import { factsOf, type Result, settleThumbnail } from '../library/filing.js';
import { orphanLife } from '../library/orphans.js';
import { namePage, needPage, type Page } from '../library/pages.js';
import { forgetPart, release, use } from '../library/parts.js';
import { ensureParts, ensurePath } from '../library/places.js';
import { defaultPath, malformed, readSha1 } from '../parameters.js';
import type { SessionResult } from './session.js';
import { addressOf, stemOf } from './start.js';

/** A file of a session, with all that was said of it. */
export interface SettledFile {
  readonly token: string;
  readonly facts: UploadFacts;
}

/** A session's files, as they are to be published. */
export interface Settling {
  readonly page: SettledFile;
  readonly assets: readonly SettledFile[];
  /** The page's name, if it is told now. */
  readonly name?: string;
}

const fileIdOf = (upload: Upload | undefined): number | undefined =>
  upload?.state === 'finished' ? (upload.result as unknown as Result).fileId : undefined;

/** Refuses `malformed` unless the file is what was said of it at last. */
const judge = (file: File, facts: UploadFacts, what: string): void => {
  const { size, digests } = newest(file);
  if (facts.fileSize !== undefined && facts.fileSize !== size)
    throw malformed(`${what} has ${size} bytes, not ${facts.fileSize} as specified.`);
  if (facts.sha1Hash !== undefined && digests.sha1 !== readSha1(facts.sha1Hash))
    throw malformed(`${what} has the SHA1 hash ${digests.sha1}, not ${facts.sha1Hash} as specified.`);
};

/**
 * The file that an asset comes to (specs/brightsign.md §A10): what was uploaded; else the asset of the page that it names;
 * else what the client was told that the page has already. Refuses `malformed`.
 */
const fileOf = async (
  host: Host,
  facts: FactReader,
  { upload, said, before }: { upload: Upload | undefined; said: UploadFacts; before: Page | undefined },
): Promise<File> => {
  const { webPageAssetId, match } = said;
  const has = (id: number | undefined) => before?.facts.page.assets.some((asset) => asset.id === id) === true;
  const isUntouched = (upload?.received ?? 0) === 0;
  const named = isUntouched && has(webPageAssetId) ? webPageAssetId : undefined;
  const kept = named ?? (upload?.state === 'cancelled' ? match : undefined);
  const file = await host.catalog.findFile(facts, fileIdOf(upload) ?? kept ?? 0);
  const what = `The asset ${addressOf(said)}`;
  if (!file) throw malformed(`${what} has not been uploaded.`);
  judge(file, said, what);
  return file;
};

/** A path of the library that was told: an asset without one, or with its root, lies under its page alone. */
const folderSaid = ({ virtualPath }: UploadFacts): string | undefined =>
  virtualPath === '\\' ? undefined : virtualPath;

/** Publishes an asset: it is no longer set aside, and lies in the library where a path was told. */
const publishAsset = async (host: Host, facts: Facts, file: File, said: UploadFacts): Promise<void> => {
  const { catalog } = host;
  const path = folderSaid(said);
  const folder = path === undefined ? await ensureParts(catalog, facts) : await ensurePath(catalog, facts, path);
  const place: ContentFacts = path === undefined ? { part: 'asset' } : {};
  const published = await catalog.amendFile(facts, file.id, {
    name: said.fileName,
    folder,
    metadata: toMetadata({ ...factsOf(said), ...place }),
    onTaken: 'twin',
  });
  if (path !== undefined || said.thumb !== undefined) await settleThumbnail(host, facts, published);
};

/** Publishes the HTML file: as a page of its own, or as the next version of the page that it updates, which keeps its id. */
const publishPage = async (
  host: Host,
  facts: Facts,
  { draft, said, page, before }: { draft: File; said: UploadFacts; page: ContentFacts; before: Page | undefined },
): Promise<File> => {
  const { catalog } = host;
  const metadata = toMetadata({ ...factsOf(said), contentType: 'WebPage', ...page });
  const { virtualPath } = said;
  const folder =
    before && virtualPath === undefined
      ? before.file.folder
      : await ensurePath(catalog, facts, virtualPath ?? defaultPath);
  const change = { name: said.fileName, folder, metadata, onTaken: 'twin' } as const;
  if (!before) return catalog.amendFile(facts, draft.id, change);
  const { number: _number, createdAt: _createdAt, ...version } = newest(draft);
  const file = await catalog.addVersion(facts, before.file.id, version, change);
  await catalog.removeFile(facts, draft.id);
  return file;
};

/** How a session becomes a web page, within the finish's own transaction. Refuses `malformed` and `name-taken`. */
export const settle =
  (host: Host, { page, assets, name }: Settling): NonNullable<GroupFinish['record']> =>
  async (facts, group, uploads) => {
    const { catalog, clock } = host;
    const session = sessionFacts(group.metadata);
    const before = session.webPageId === undefined ? undefined : await needPage(catalog, facts, session.webPageId);
    const uploadOf = ({ token }: SettledFile) => uploads.find(({ id }) => id === token);

    const draft = await catalog.findFile(facts, fileIdOf(uploadOf(page)) ?? 0);
    if (!draft) throw malformed(`The file ${page.facts.fileName} of the web page has not been uploaded.`);
    judge(draft, page.facts, `The file ${page.facts.fileName}`);

    const published: PageAsset[] = [];
    for (const asset of assets) {
      const upload = uploadOf(asset);
      const file = await fileOf(host, facts, { upload, said: asset.facts, before });
      if (file.id === fileIdOf(upload)) await publishAsset(host, facts, file, asset.facts);
      const { relativePath = '\\', fileName } = asset.facts;
      published.push({ id: file.id, relativePath, fileName });
    }

    const called = name ?? session.name ?? before?.facts.page.name ?? stemOf(page.facts.fileName);
    const known: ContentFacts = { page: { name: called, assets: published } };
    const file = await publishPage(host, facts, { draft, said: page.facts, page: known, before });
    await forgetPart(facts, draft.id);
    await namePage(facts, file.id, called, before?.facts.page.name);
    await settleThumbnail(host, facts, file, before?.facts);

    const now = new Set(published.map(({ id }) => id));
    for (const id of now) await use(facts, id, file.id);
    for (const { id } of before?.facts.page.assets ?? [])
      if (!now.has(id)) await release(facts, id, file.id, clock.now() + orphanLife);
    return { contentId: file.id, assets: published.map(({ id }) => id) } satisfies SessionResult & object;
  };
