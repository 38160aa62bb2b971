import { Refusal } from '../../engine/refusals.js';
import type { Reply } from '../../http/exchange.js';
import type { File, Version } from '../../services/catalog/catalog.js';
import { attachment } from '../../wire/disposition/disposition.js';
import { answerDownload, isKnown } from '../../wire/ranges/download.js';
import type { AccountVisit } from '../operation.js';
import { notFound } from '../problems.js';
import { needFile, needVersion } from './find.js';
import { drawFirstPage } from './pdf.js';
import { isPdf, pictureType, previewOf, recordingType, shownText, tellingBytes } from './preview.js';

/** What is sent of a version, and as what. */
interface Sending {
  readonly version: Version;
  readonly type: string;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Bytes of a version, or a range of them, or that the asker has them. */
const send = ({ host, exchange }: AccountVisit, { version, type, etag, headers }: Sending): Reply => {
  const common = { ...headers, 'cache-control': 'private, no-cache' };
  if (isKnown(exchange.headers, etag)) return { status: 304, headers: { ...common, etag } };
  const { size, object, createdAt } = version;
  const answer = answerDownload(exchange.headers, { size, etag, modifiedAt: createdAt });
  if (answer.status === 416) throw new Refusal('not-satisfiable', { size });
  return {
    status: answer.status,
    headers: { ...common, ...answer.headers, 'content-type': type },
    ...(answer.range && { body: host.engine.readObject(object, answer.range) }),
  };
};

/** The bytes of a file, to be kept: whatever it is, it does not run as a page of this server. */
export const download = async (visit: AccountVisit): Promise<Reply> => {
  const file = await needFile(visit);
  const version = needVersion(file, visit.exchange);
  return send(visit, { version, type: file.type, etag: `"${version.object}"`, headers: attachment(file.name) });
};

/** What is shown may run nothing, load nothing, and stand in nobody's frame. */
const harmless = {
  'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'content-disposition': 'inline',
};

const firstBytes = async ({ host }: AccountVisit, { object, size }: Version, most: number): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  const range = { start: 0, end: Math.min(size, most) };
  if (range.end > 0) for await (const piece of host.engine.readObject(object, range)) pieces.push(piece);
  return Buffer.concat(pieces);
};

/** The type that a recording or a picture is shown with; a picture's is what its bytes say. */
const shownType = async (visit: AccountVisit, { type }: File, version: Version): Promise<string | undefined> =>
  previewOf({ type, size: version.size }) === 'image'
    ? pictureType(await firstBytes(visit, version, tellingBytes))
    : recordingType(type);

/** A text as it is, whatever language it is in: its beginning. */
const showText = async (visit: AccountVisit, version: Version): Promise<Reply> => {
  const headers = { ...harmless, 'cache-control': 'private, no-cache', etag: `"${version.object}-text"` };
  if (isKnown(visit.exchange.headers, headers.etag)) return { status: 304, headers };
  const body = await firstBytes(visit, version, shownText);
  return { status: 200, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' }, body };
};

const cannotBeShown = () => notFound('no-preview', 'This file cannot be shown; it can be downloaded.');

/** The first page of a PDF file, as a picture. */
const showPdf = async (visit: AccountVisit, version: Version): Promise<Reply> => {
  const headers = { ...harmless, 'cache-control': 'private, no-cache', etag: `"${version.object}-page"` };
  if (isKnown(visit.exchange.headers, headers.etag)) return { status: 304, headers };
  const body = await drawFirstPage(visit.host, version, visit.exchange.gone);
  if (!body) throw cannotBeShown();
  return { status: 200, headers: { ...headers, 'content-type': 'image/png' }, body };
};

/** A file as a browser may show it. Refuses 404 for what it may not. */
export const preview = async (visit: AccountVisit): Promise<Reply> => {
  const file = await needFile(visit);
  const version = needVersion(file, visit.exchange);
  const kind = previewOf({ type: file.type, size: version.size });
  if (kind === 'text') return showText(visit, version);
  if (kind === 'image' && isPdf(file.type)) return showPdf(visit, version);
  const type = kind === null ? undefined : await shownType(visit, file, version);
  if (type === undefined) throw cannotBeShown();
  return send(visit, { version, type, etag: `"${version.object}-shown"`, headers: harmless });
};
