import { isRefusal } from '../../../engine/refusals.js';
import { json } from '../../../http/answers.js';
import type { Exchange, Reply, Route } from '../../../http/exchange.js';
import type { Caller } from '../../../services/accounts/accounts.js';
import { queryOf } from '../body.js';
import type { Home } from '../drive/drive.js';
import { homeOf } from '../home.js';
import { dirOf, fromWire, toWire } from '../ids.js';
import { freeSpace } from '../space.js';
import { Rejected, rejectionOf } from './answers.js';
import type { Centers } from './centers.js';
import type { Incoming } from './incoming.js';
import type { PostParts } from './post.js';

/** What the site's own calls work with. */
export interface SiteParts extends PostParts {
  readonly centers: Centers;
}

/** Who calls, and what the call says: parameters of the query and of a form. */
interface Asked {
  readonly exchange: Exchange;
  readonly caller: Caller;
  readonly home: Home;
  readonly say: (name: string) => string;
}

const number = (text: string, otherwise = 0): number => (/^-?\d{1,16}$/.test(text) ? Number(text) : otherwise);

/**
 * The calls by which the vendor's site resumes uploads (specs/fourshared.md §9). The site knows its users by cookies; here a
 * call shows an upload session key (`sId`), or credentials in its `Authorization` header.
 */
export const siteRoutes = (parts: SiteParts): Route[] => {
  const { host, drive, keys, uploads, centers } = parts;
  const { engine, accounts, quota } = host;

  const callerOf = async (exchange: Exchange, key: string): Promise<Caller> => {
    if (key === '') return accounts.authorize(exchange.headers.authorization);
    const session = await keys.use(key);
    if (!session) throw new Rejected(403, 'The session key is not valid.');
    return session.caller;
  };

  const uploadUrl = async ({ exchange, caller, home, say }: Asked): Promise<string> => {
    const key = say('sId') || (await keys.issue(caller, home.drive));
    return centers.uploadUrl(centers.numberFor(home.account), { key, origin: exchange.origin }) ?? '';
  };

  const unfinished = async (incoming: Incoming, url: string) => {
    const { pending, upload } = incoming;
    const sections = (await engine.ranges(upload.id)).map(({ start, end }) => [String(start), end - start] as const);
    return {
      id: toWire(pending.id),
      name: pending.name,
      size: upload.size ?? 0,
      url,
      d1link: '',
      uploadDir: toWire(pending.dir),
      sections: Object.fromEntries(sections),
    };
  };

  const create = async (asked: Asked) => {
    const { exchange, caller, home, say } = asked;
    const dir = dirOf(home, number(say('dirId'), -1));
    const id = await uploads.start(
      { caller, home, from: exchange.remote },
      { dir, name: say('name'), size: number(say('size'), -1) },
    );
    const about = { fileId: toWire(id), d1link: '', uploadDir: toWire(dir), message: '' };
    return { status: true, url: await uploadUrl(asked), ...about };
  };

  const status = async (asked: Asked) => {
    const { home, say } = asked;
    const wanted = say('dirId')
      .split(',')
      .filter((each) => each !== '')
      .map((each) => dirOf(home, number(each)));
    const url = await uploadUrl(asked);
    const incoming = await uploads.list(home);
    const shown = incoming.filter(({ pending }) => wanted.length === 0 || wanted.includes(pending.dir));
    return Promise.all(shown.map((each) => unfinished(each, url)));
  };

  const finish = async ({ home, say }: Asked) => {
    const message = await uploads.finish(home, fromWire(number(say('fileId'))), say('md5'));
    return message === '' ? { status: true } : { status: false, message };
  };

  const newUploadUrl = async (asked: Asked) => ({ url: await uploadUrl(asked) });

  const free = async ({ caller: { account } }: Asked) => ({ freeSpace: await freeSpace(quota, account) });

  const answering =
    (name: string, work: (asked: Asked) => Promise<unknown>) =>
    async (exchange: Exchange): Promise<Reply> => {
      try {
        const said = await queryOf(exchange);
        const say = (field: string) => said[field] ?? '';
        const caller = await callerOf(exchange, say('sId'));
        const home = await homeOf({ host, drive }, caller.account.name);
        return json(200, await work({ exchange, caller, home, say }));
      } catch (error) {
        const rejected = rejectionOf(error);
        if (!rejected) throw error;
        const challenge = { 'www-authenticate': 'Basic realm="longshore", charset="UTF-8"' };
        const unknown = isRefusal(error, 'unauthenticated');
        host.log.debug({ err: error, call: name }, 'a call was refused');
        return json(
          unknown ? 401 : rejected.status,
          { status: false, message: rejected.message },
          unknown ? challenge : {},
        );
      }
    };

  const route = (methods: readonly string[], path: string, work: (asked: Asked) => Promise<unknown>): Route => ({
    methods,
    path: `/rest/${path}`,
    name: `4shared ${path}`,
    handle: answering(path, work),
  });

  return [
    route(['POST'], 'sharedFileUpload/create', create),
    route(['GET', 'POST'], 'sharedFileUpload/status', status),
    route(['POST'], 'sharedFileUpload/finish', finish),
    route(['POST'], 'sharedFileUpload/newUploadUrl', newUploadUrl),
    route(['GET'], 'account/freeSpace', free),
  ];
};
