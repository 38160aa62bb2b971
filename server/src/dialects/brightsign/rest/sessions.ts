import type { Reply, Route } from '../../../http/exchange.js';
import { dialectName } from '../address.js';
import type { PageSaid } from '../facts.js';
import { readPage } from '../messages.js';
import { malformed } from '../parameters.js';
import { changeSession } from '../sessions/change.js';
import { completeSession } from '../sessions/complete.js';
import { cancelSession, needSession, type Session, sessionOf } from '../sessions/session.js';
import { startSession } from '../sessions/start.js';
import { pageArguments } from './arguments.js';
import { needIntent, readMembers } from './body.js';
import { notAcceptable } from './problems.js';
import { sessionShape } from './shapes.js';
import { findLabel, jsonReply, needLabel, needUnmodified, type RestParts, restRoute, type Visit } from './visit.js';

/** Most bytes of a message that tells of a page and its assets (specs/brightsign.md §A6). */
const largestMessage = 2 * 2 ** 20;

const status = 'webpage.upload.status';

const saidIn = async (visit: Visit, sessionToken?: string): Promise<PageSaid> => {
  const {
    sessionToken: _said,
    uploadToken: _page,
    ...said
  } = readPage(pageArguments(await readMembers(visit.exchange, largestMessage)));
  return { ...said, ...(sessionToken !== undefined && { sessionToken }) };
};

/** The session that the path names. Refuses `no-such-group`. */
const sessionIn = async (visit: Visit): Promise<Session> => {
  const session = await needSession(visit, visit.exchange.params.session ?? '');
  const { method } = visit.exchange;
  if (method === 'PUT' || method === 'DELETE')
    needUnmodified(
      visit,
      Math.max(...[session.group, session.page, ...session.assets].map(({ touchedAt }) => touchedAt)),
    );
  return session;
};

const start = async (visit: Visit): Promise<Reply> => {
  const { exchange, caller } = visit;
  caller.need('upload');
  needIntent(exchange, ['page'], ['start', 'change']);
  const label = needLabel(visit, status);
  const session = await startSession(visit, await saidIn(visit));
  const location = `${exchange.origin}${exchange.path.replace(/\/+$/, '')}/${session.group.id}/`;
  return jsonReply(201, label, sessionShape(session), { location });
};

/** Completes a session, and only then looks whether the answer is wanted: a client counts on a 406 to a session that is complete (§B3). */
const put = async (visit: Visit): Promise<Reply> => {
  const { exchange, caller } = visit;
  caller.need('upload');
  const { act = 'complete' } = needIntent(exchange, ['page'], ['complete', 'change']);
  const { group } = await sessionIn(visit);
  const said = await saidIn(visit, group.id);
  const session = await (act === 'complete' ? completeSession(visit, said) : changeSession(visit, said));
  const label = findLabel(visit, status);
  if (label === undefined) throw notAcceptable();
  return jsonReply(200, label, sessionShape(session));
};

const argumentOf = ({ exchange }: Visit, name: string): string =>
  [...exchange.query].find(([each]) => each.toLowerCase() === name)?.[1] ?? '';

/** Most sessions that are counted. */
const most = 10_000;

/** The caller's sessions that are open, a page of them at once. */
const list = async (visit: Visit): Promise<Reply> => {
  const label = needLabel(visit, 'webpage.upload.status.pagedlist');
  if (argumentOf(visit, 'filter') !== '') throw malformed('Filters are not supported.');
  const size = argumentOf(visit, 'pagesize');
  if (!/^\d{0,4}$/.test(size)) throw malformed('The page size must be a whole number.');
  const pageSize = Math.min(100, Number(size) || 100);
  const marker = argumentOf(visit, 'marker');
  const { engine } = visit.host;
  const owner = visit.caller.account.name;
  const groups = await engine.listGroups({ owner, dialect: dialectName, states: ['open'], limit: most });
  const behind = groups.filter(({ id }) => id > marker);
  const page = behind.slice(0, pageSize);
  const sessions = await Promise.all(page.map((group) => sessionOf(visit, group)));
  const isTruncated = behind.length > page.length;
  return jsonReply(200, label, {
    items: sessions.map(sessionShape),
    isTruncated,
    nextMarker: isTruncated ? (page.at(-1)?.id ?? null) : null,
    pageSize,
    totalItemCount: groups.length,
    sortExpression: null,
    filterExpression: null,
  });
};

const look = async (visit: Visit): Promise<Reply> => {
  const label = needLabel(visit, status);
  return jsonReply(200, label, sessionShape(await sessionIn(visit)));
};

/** A completed session is left alone: a client cancels it where it mistook the answer (§B3). */
const cancel = async (visit: Visit): Promise<Reply> => {
  const { group } = await sessionIn(visit);
  await cancelSession(visit, group.id);
  return { status: 204 };
};

/** The routes of web page sessions (§B2). */
export const sessionRoutes = (parts: RestParts, base: string): Route[] => {
  const all = `${base}/Sessions`;
  const one = `${all}/:session`;
  return [
    restRoute(parts, ['GET', all, 'sessions'], list),
    restRoute(parts, ['POST', all, 'session start'], start),
    restRoute(parts, ['GET', one, 'session status'], look),
    restRoute(parts, ['PUT', one, 'session'], put),
    restRoute(parts, ['DELETE', one, 'session cancel'], cancel),
  ];
};
