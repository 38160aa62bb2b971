import type { Exchange, Reply } from '../../http/exchange.js';
import { newest } from '../../services/catalog/versions.js';
import { attachment } from '../../wire/disposition/disposition.js';
import { answerDownload, isKnown } from '../../wire/ranges/download.js';
import type { Host } from '../dialect.js';
import type { Drive, FilePlace } from './drive/drive.js';
import { factsOfFile } from './drive/facts.js';
import { escapeText } from './escape.js';
import { directLink } from './links.js';

/** What downloads work with. */
export interface DownloadParts {
  readonly host: Host;
  readonly drive: Drive;
}

const page = (status: number, body: string): Reply => ({
  status,
  headers: { 'content-type': 'text/html;charset=UTF-8', 'x-content-type-options': 'nosniff' },
  body: `<!doctype html><html><head><meta charset="utf-8"><title>4shared</title></head><body>${body}</body></html>`,
});

const nothingHere = (): Reply => page(404, '<p>The file is not here.</p>');

/** The file whose code is in the request's path. The code is all that is asked for: nobody can guess it. */
const find = ({ host, drive }: DownloadParts, { params }: Exchange): Promise<FilePlace | undefined> =>
  host.ledger.read((facts) => drive.fileByCode(facts, params.code ?? ''));

/** The handler of a direct link: a file's bytes, or a range of them, with its name and type. */
export const openDownload =
  (parts: DownloadParts) =>
  async (exchange: Exchange): Promise<Reply> => {
    const found = await find(parts, exchange);
    if (!found) return nothingHere();
    const { file } = found;
    const { object, size, digests, createdAt } = newest(file);
    const etag = `"${digests.md5 ?? digests.crc32 ?? object}-${size}"`;
    if (isKnown(exchange.headers, etag)) return { status: 304, headers: { etag } };
    const answer = answerDownload(exchange.headers, { size, etag, modifiedAt: createdAt });
    return {
      status: answer.status,
      headers: {
        ...answer.headers,
        'content-type': file.type,
        ...attachment(file.name),
        // The address is as good as a password.
        'cache-control': 'private, no-cache',
        'referrer-policy': 'no-referrer',
      },
      body: answer.range === null ? '' : parts.host.engine.readObject(object, answer.range),
    };
  };

/** The handler of a file's page: its name and size, and the link to its bytes. */
export const openPage =
  (parts: DownloadParts) =>
  async (exchange: Exchange): Promise<Reply> => {
    const found = await find(parts, exchange);
    if (!found) return nothingHere();
    const { file } = found;
    const link = directLink(exchange.origin, { code: factsOfFile(file).code, name: file.name });
    return page(
      200,
      `<h1>${escapeText(file.name)}</h1><p>${newest(file).size} bytes</p>` +
        `<p><a rel="noreferrer" href="${escapeText(link)}">Download</a></p>`,
    );
  };
