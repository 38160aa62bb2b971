import { isRefusal, Refusal } from '../../../engine/refusals.js';
import { json } from '../../../http/answers.js';
import { BodyCut, type Exchange, type Reply, type Route } from '../../../http/exchange.js';
import type { Caller } from '../../../services/accounts/accounts.js';
import type { File } from '../../../services/catalog/catalog.js';
import { newest } from '../../../services/catalog/versions.js';
import { parseContentRange } from '../../../wire/ranges/content-range.js';
import { bodyOf } from '../body.js';
import { factsOfFile } from '../drive/facts.js';
import { homeOf } from '../home.js';
import { dirOf, fromWire, toWire } from '../ids.js';
import { pageLink } from '../links.js';
import { Rejected, rejectionOf } from './answers.js';
import { type Incoming, isComplete } from './incoming.js';
import { acceptPart, type Taken, takeApart, takeInPlace } from './part.js';
import type { PostParts } from './post.js';
import type { Sender } from './uploads.js';

/** The vendor's code of an error, where one is known; clients look at the first three digits at most. */
const codes: Readonly<Record<number, string>> = { 400: '400.0504', 401: '401.0301', 403: '403.0201', 404: '404.0400' };

const problem = (status: number, message: string, headers: Reply['headers'] = {}): Reply =>
  json(status, { code: codes[status] ?? `${status}.0000`, message }, headers);

const wholeNumber = (text: string): number => (/^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN);

/** Who uploads, and the request that shows it. */
interface Asked extends Sender {
  readonly exchange: Exchange;
}

/**
 * The uploads of the vendor's REST API v1.2: a file in one request, or in ranges (specs/fourshared.md §11). Credentials are those
 * of `Authorization: Basic` or `Bearer`; an OAuth client has an API key as its token.
 */
export const restRoutes = ({ host, drive, uploads }: PostParts): Route[] => {
  const { engine, ledger, catalog, accounts, quota } = host;

  const callerOf = ({ headers: { authorization = '' } }: Exchange): Promise<Caller> => {
    const [, token] = /^OAuth\s.*\boauth_token="([^"]+)"/is.exec(authorization) ?? [];
    return token === undefined
      ? accounts.authorize(authorization || undefined)
      : accounts.verifyKey(decodeURIComponent(token));
  };

  /** Refuses a name that the folder has, also on its way (an abandoned upload keeps its name). */
  const needFreeName = async ({ home }: Sender, dir: number, name: string): Promise<void> => {
    const files = await ledger.read((facts) => catalog.findByName(facts, dir, name));
    const coming = (await uploads.list(home)).filter(({ pending }) => pending.dir === dir && !pending.update);
    if (files.length > 0 || coming.some(({ pending }) => pending.name.toLowerCase() === name.toLowerCase()))
      throw new Refusal('name-taken', { name });
  };

  const start = async (asked: Asked, { folderId, name, size }: { folderId: string; name: string; size: number }) => {
    const dir = dirOf(asked.home, folderId === '' ? -1 : wholeNumber(folderId));
    await needFreeName(asked, dir, name);
    return uploads.start(asked, { dir, name, size });
  };

  const describe = ({ exchange: { origin } }: Asked, file: File) => {
    const { size, digests, createdAt } = newest(file);
    return {
      id: String(toWire(file.id)),
      name: file.name,
      size,
      modified: new Date(createdAt).toISOString(),
      parentId: String(toWire(file.folder)),
      mimeType: file.type,
      md5: digests.md5 ?? '',
      downloadPage: pageLink(origin, { code: factsOfFile(file).code, name: file.name }),
      ownerOnly: true,
      status: 'normal',
    };
  };

  const describeIncoming = ({ pending, upload }: Incoming) => ({
    id: String(toWire(pending.id)),
    name: pending.name,
    size: upload.size ?? 0,
    parentId: String(toWire(pending.dir)),
    receivedBytes: upload.contiguous,
    status: 'incomplete',
  });

  const needFile = async ({ home }: Sender, id: number): Promise<File> =>
    (await ledger.read((facts) => drive.file(facts, home, id))).file;

  /** What is on its way under the id in the path, to the caller's drive. */
  const needIncoming = async ({ home, exchange: { params } }: Asked): Promise<Incoming> => {
    const id = (params.id ?? '').replace(/\.json$/i, '');
    const incoming = await uploads.find(fromWire(wholeNumber(id)));
    if (!incoming || incoming.pending.home.drive !== home.drive) throw new Refusal('no-such-upload', { id });
    return incoming;
  };

  /** Puts bytes in their place; finishes the file with its last byte. Says whether it did. */
  const put = async (
    { home }: Sender,
    incoming: Incoming,
    { firstByte, part }: { firstByte: number; part: Taken },
  ): Promise<boolean> => {
    if (!isComplete(await acceptPart(engine, incoming, { firstByte, part }))) return false;
    const message = await uploads.finish(home, incoming.pending.id, '');
    if (message !== '') throw new Rejected(409, message);
    return true;
  };

  const dropping = async <T>(part: Taken, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } finally {
      for (const staged of part.staged) await engine.discard(staged);
    }
  };

  const addWhole = async (asked: Asked): Promise<Reply> => {
    const { exchange, home } = asked;
    const said = { folderId: exchange.query.get('folderId') ?? '', name: exchange.query.get('fileName') ?? '' };
    const { length, gone } = exchange;
    const expected = {
      length: length ?? undefined,
      limit: quota.largestFile(asked.caller.account),
      gone,
      from: asked.from,
    };
    const known = length === null ? undefined : await start(asked, { ...said, size: length });
    let id = known;
    try {
      const upload = id === undefined ? undefined : (await uploads.find(id))?.upload;
      const part = upload
        ? await takeInPlace(engine, exchange.body(), { upload, firstByte: 0 }, expected)
        : await takeApart(engine, exchange.body(), expected);
      return await dropping(part, async () => {
        id ??= await start(asked, { ...said, size: part.length });
        const incoming = await uploads.find(id);
        if (!incoming) throw new Refusal('no-such-upload', { id: String(id) });
        if (!(await put(asked, incoming, { firstByte: 0, part })))
          throw new BodyCut('the body is shorter than it said');
        return json(200, describe(asked, await needFile(asked, id)));
      });
    } catch (error) {
      if (id !== undefined) await uploads.cancel(home, id);
      throw error;
    }
  };

  const begin = async (asked: Asked): Promise<Reply> => {
    const { exchange } = asked;
    // The vendor refuses them in the query (specs/fourshared.md §11).
    const said = await bodyOf(exchange);
    const { name = '', size = '', folderId = '' } = said;
    if (name === '' || size === '') return problem(400, 'name and size are wanted in the body.');
    const id = await start(asked, { folderId, name, size: wholeNumber(size) });
    const incoming = await uploads.find(id);
    if (!incoming) throw new Refusal('no-such-upload', { id: String(id) });
    return json(201, describeIncoming(incoming));
  };

  const append = async (asked: Asked): Promise<Reply> => {
    const { exchange } = asked;
    const incoming = await needIncoming(asked);
    const { upload } = incoming;
    const said = parseContentRange(exchange.headers['content-range'] ?? '');
    if (!said?.range || (said.size !== null && said.size !== upload.size))
      return problem(400, `Content-Range is wanted: bytes <first>-<last>/${upload.size}.`);
    const { start: firstByte, end } = said.range;
    const length = end - firstByte;
    if (exchange.length !== null && exchange.length !== length)
      return problem(400, 'Content-Range and the length of the body differ.');
    const place = { upload, firstByte };
    const expected = { length, limit: null, gone: exchange.gone, from: asked.from };
    const part = await takeInPlace(engine, exchange.body(), place, expected);
    return dropping(part, async () => {
      if (part.length !== length) return problem(400, 'Content-Range and the length of the body differ.');
      const complete = await put(asked, incoming, { firstByte, part });
      return { status: complete ? 201 : 308, headers: { 'content-length': 0 } };
    });
  };

  const answering =
    (work: (asked: Asked) => Promise<Reply>) =>
    async (exchange: Exchange): Promise<Reply> => {
      try {
        const caller = await callerOf(exchange);
        const home = await homeOf({ host, drive }, caller.account.name);
        return await work({ exchange, caller, home, from: exchange.remote });
      } catch (error) {
        const challenge = { 'www-authenticate': 'Basic realm="longshore", charset="UTF-8"' };
        if (isRefusal(error, 'unauthenticated')) return problem(401, 'Credentials are wanted.', challenge);
        const rejected = rejectionOf(error);
        if (!rejected) throw error;
        return problem(
          rejected.status,
          rejected.message,
          rejected.retryAfter ? { 'retry-after': rejected.retryAfter } : {},
        );
      }
    };

  const route = (method: string, path: string, work: (asked: Asked) => Promise<Reply>): Route => ({
    methods: [method],
    path: `/v1_2/${path}`,
    name: `4shared v1.2 ${method} ${path}`,
    handle: answering(work),
  });

  // The ending `.json` says what answers are anyway.
  return [
    route('POST', 'files', addWhole),
    route('POST', 'files.json', addWhole),
    route('POST', 'upload', begin),
    route('POST', 'upload.json', begin),
    route('GET', 'upload/:id', async (asked) => json(200, describeIncoming(await needIncoming(asked)))),
    route('POST', 'upload/:id', append),
  ];
};
