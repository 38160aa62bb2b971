import { no } from '../../codes.js';
import type { Fax } from '../../faxes/fax.js';
import { canonicalNumber } from '../../faxes/numbers.js';
import { limitOf, type Visit, wholeNumber } from '../visit.js';
import { readMoment } from './submitting.js';

/** Whose faxes are asked for: the caller's own, or for administrators somebody else's. Refuses -311. */
const ownerOf = ({ argument, caller }: Visit): string => {
  const own = caller.account.name;
  const asked = argument('userId') || own;
  if (asked.toLowerCase() === own.toLowerCase()) return own;
  if (!caller.may('admin')) throw no('notOwn');
  return asked;
};

/** Ids in a list parted by commas. Refuses -1030 for what is none. */
const readIds = (text: string): Set<number> => {
  const parts = text.split(',').map((each) => each.trim());
  if (!parts.every((each) => /^\d{1,15}$/.test(each))) throw no('badVerb');
  return new Set(parts.map(Number));
};

/** Faxes in the order of their ids: the newest first, or with `sortOrder=asc` the oldest, from behind `lastId` on. */
export const listFaxes = async (visit: Visit, matches: (fax: Fax) => boolean): Promise<Fax[]> => {
  const { argument, faxes, host } = visit;
  const owner = ownerOf(visit);
  const last = wholeNumber(argument('lastId'), 0);
  const limit = limitOf(visit);
  if (!/^asc/i.test(argument('sortOrder'))) {
    const before = last > 0 ? { to: last - 1 } : {};
    return host.ledger.read((facts) => faxes.list(facts, { owner, limit, matches, ...before }));
  }
  const query = { owner, from: last + 1, matches, limit: Number.POSITIVE_INFINITY };
  const found = await host.ledger.read((facts) => faxes.list(facts, query));
  return found.reverse().slice(0, limit);
};

/** Those faxes of a list of ids that are over. */
export const listCompleted = async (visit: Visit): Promise<Fax[]> => {
  const { argument, faxes, host } = visit;
  await visit.polls.count(visit.caller.account.name);
  const ids = readIds(argument('ids'));
  const matches = ({ id, status }: Fax) => ids.has(id) && status >= 0;
  const bounds = { from: Math.min(...ids), to: Math.max(...ids) };
  return host.ledger.read((facts) => faxes.list(facts, { owner: ownerOf(visit), ...bounds, matches, limit: ids.size }));
};

const statusTest = (text: string): ((status: number) => boolean) => {
  if (/^-?\d{1,9}$/.test(text)) return (status) => status === Number(text);
  const word = text.toLowerCase().replace(/[^a-z]/g, '');
  if (['completed', 'ok', 'sent', 'success'].includes(word)) return (status) => status === 0;
  if (['failed', 'error'].includes(word)) return (status) => status > 0;
  if (['inprocess', 'inprogress', 'pending'].includes(word)) return (status) => status < 0;
  throw no('badVerb');
};

const momentOf = (text: string): number => {
  const moment = readMoment(text);
  if (!moment) throw no('badVerb');
  return moment.getTime();
};

/** What a search asks of each fax. Refuses -1030 for a condition that cannot be understood. */
const readSearch = ({ argument, options }: Visit): ((fax: Fax) => boolean) => {
  const conditions: ((fax: Fax) => boolean)[] = [];
  const add = (name: string, make: (text: string) => (fax: Fax) => boolean): void => {
    const text = argument(name);
    if (text !== '') conditions.push(make(text));
  };
  add('ids', (text) => {
    const ids = readIds(text);
    return ({ id }) => ids.has(id);
  });
  add(
    'reference',
    (text) =>
      ({ settings }) =>
        settings.subject.toLowerCase() === text.toLowerCase(),
  );
  add('dateFrom', (text) => {
    const from = momentOf(text);
    return ({ submittedAt }) => submittedAt >= from;
  });
  add('dateTo', (text) => {
    const to = momentOf(text);
    return ({ submittedAt }) => submittedAt <= to;
  });
  add('status', (text) => {
    const test = statusTest(text);
    return ({ status }) => test(status);
  });
  add('faxNumber', (text) => {
    const number = canonicalNumber(text, options.country);
    return ({ recipient }) => recipient.number === number;
  });
  return (fax) => conditions.every((condition) => condition(fax));
};

/** The faxes that a search names, the newest first. */
export const searchFaxes = async (visit: Visit): Promise<Fax[]> => {
  const { argument, faxes, host } = visit;
  const offset = wholeNumber(argument('offset'), 0);
  const query = { owner: ownerOf(visit), matches: readSearch(visit), limit: offset + limitOf(visit) };
  const found = await host.ledger.read((facts) => faxes.list(facts, query));
  return found.slice(offset);
};
