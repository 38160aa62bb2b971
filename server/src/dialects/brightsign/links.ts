import { text } from '../../http/answers.js';
import type { Reply, Route } from '../../http/exchange.js';
import type { File, Version } from '../../services/catalog/catalog.js';
import { readVersion } from '../../services/catalog/read.js';
import { newest } from '../../services/catalog/versions.js';
import { attachment } from '../../wire/disposition/disposition.js';
import { answerDownload } from '../../wire/ranges/download.js';
import type { Host } from '../dialect.js';
import { dialectName } from './address.js';

/** Below the mount. */
const base = '/Library/Files';

/**
 * The address of a file's bytes. It needs no login, as players have none, and nobody can guess it: it holds the name of the
 * object, which has 130 bits of chance. A new version has another address.
 */
export const linkTo = (origin: string, file: File): string =>
  `${origin}${base}/${file.id}/${newest(file).object}/${encodeURIComponent(file.name)}`;

const send = (host: Host, file: File, version: Version, headers: Parameters<typeof answerDownload>[0]): Reply => {
  const { size, digests, createdAt } = version;
  const etag = `"${digests.sha1 ?? digests.crc32 ?? ''}-${size}"`;
  const answer = answerDownload(headers, { size, etag, modifiedAt: createdAt });
  return {
    status: answer.status,
    headers: {
      ...answer.headers,
      'content-type': file.type,
      ...attachment(file.name),
      'cache-control': 'private, max-age=31536000, immutable',
    },
    body: answer.range === null ? '' : readVersion(host.engine, version, answer.range),
  };
};

/** Sends the bytes of contents and thumbnails to whoever knows their address. */
export const linkRoutes = (host: Host): Route[] => [
  {
    methods: ['GET', 'HEAD'],
    path: `${base}/:id/:object/:name`,
    name: 'brightsign file',
    handle: async ({ params: { id, object }, headers }) => {
      const file = await host.ledger.read((facts) => host.catalog.findFile(facts, Number(id)));
      const version = file?.versions.find((each) => each.object === object);
      if (file?.dialect !== dialectName || !version) return text(404, 'There is nothing here.');
      return send(host, file, version, headers);
    },
  },
];
