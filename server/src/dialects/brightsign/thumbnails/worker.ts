import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isRefusal, Refusal } from '../../../engine/refusals.js';
import type { File } from '../../../services/catalog/catalog.js';
import { readVersion } from '../../../services/catalog/read.js';
import { newest } from '../../../services/catalog/versions.js';
import type { Worker } from '../../../services/jobs/jobs.js';
import type { Host } from '../../dialect.js';
import { contentFacts, kindOfFile, toMetadata } from '../facts.js';
import { use } from '../library/parts.js';
import type { BrightSignOptions } from '../options.js';
import { contentName, type Desk, thumbnailName } from './drawing.js';
import { takeFrame } from './frame.js';
import { keepThumbnail } from './keep.js';
import { drawCard, kindOfImage, shrink } from './picture.js';
import { type ThumbnailInput, thumbnailJob } from './wanted.js';

/** A content that still wants the thumbnail that a job is to make: it has those bytes, and none yet. */
const wantedFile = (file: File | undefined, { object }: ThumbnailInput): File | undefined =>
  file && newest(file).object === object && contentFacts(file.metadata).thumb === undefined ? file : undefined;

/** Leaves a drawing of the content on the desk; says no where it is of no format that we know. */
const draw = async ({ ffmpeg }: BrightSignOptions, file: File, desk: Desk): Promise<boolean> => {
  const kind = kindOfFile(file) === 'Image' ? await kindOfImage(join(desk.folder, contentName)) : 'video';
  if (kind === undefined) return false;
  if (kind !== 'picture') return takeFrame(ffmpeg, kind, desk);
  await shrink(desk);
  return true;
};

/** A content's thumbnail, drawn from a copy in a folder of its own; nothing where there is none of it. */
const pictureOf = async (
  host: Host,
  options: BrightSignOptions,
  file: File,
  signal: AbortSignal,
): Promise<Buffer | undefined> => {
  const isPage = kindOfFile(file) === 'WebPage';
  const { size } = newest(file);
  if (options.thumbnailBytes === 0 || (!isPage && (size === 0 || size > options.thumbnailBytes))) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'longshore-thumbnail-'));
  const desk = { folder, signal };
  try {
    if (isPage) await drawCard(desk);
    else {
      const copy = createWriteStream(join(folder, contentName), { mode: 0o600 });
      await pipeline(readVersion(host.engine, newest(file)), copy, { signal });
      if (!(await draw(options, file, desk))) return undefined;
    }
    return await readFile(join(folder, thumbnailName));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Keeps a thumbnail, and gives it to its content in the same step; not where the content has changed meanwhile. */
const give = async (host: Host, file: File, input: ThumbnailInput, bytes: Buffer): Promise<boolean> => {
  try {
    await keepThumbnail(host, { bytes, owner: file.owner, quota: null }, async (facts, thumb) => {
      const now = wantedFile(await host.catalog.findFile(facts, file.id), input);
      if (!now) throw new Refusal('no-such-file', { id: String(file.id) });
      const metadata = toMetadata({ ...contentFacts(now.metadata), thumb });
      await host.catalog.amendFile(facts, now.id, { metadata });
      await use(facts, thumb, now.id);
    });
    return true;
  } catch (error) {
    if (isRefusal(error, 'no-such-file')) return false;
    throw error;
  }
};

/** Makes thumbnails of contents that came without one. A content that cannot be drawn fails its job, and nothing else. */
export const thumbnailWorker = (host: Host, options: BrightSignOptions): Worker => ({
  kind: thumbnailJob,
  run: async ({ input }, signal) => {
    const wanted = input as unknown as ThumbnailInput;
    const file = await host.ledger.read((facts) => host.catalog.findFile(facts, wanted.contentId));
    const still = wantedFile(file, wanted);
    if (!still) return false;
    const bytes = await pictureOf(host, options, still, signal);
    return bytes !== undefined && (await give(host, still, wanted, bytes));
  },
});
