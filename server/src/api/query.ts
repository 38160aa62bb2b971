import { Refusal } from '../engine/refusals.js';
import type { Exchange } from '../http/exchange.js';
import type { Caller } from '../services/accounts/accounts.js';

const malformed = (reason: string): Refusal => new Refusal('malformed', { reason });

/** A whole number from 0 on of the query; nothing where it is not there or empty. Refuses `malformed`. */
export const numberIn = ({ query }: Exchange, name: string): number | undefined => {
  const text = query.get(name) ?? '';
  if (text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) throw malformed(`${name} is to be a whole number.`);
  return Number(text);
};

/** How many are asked for by `limit`: 100 unless told, never more than 1000. Refuses `malformed` for less than 1. */
export const limitIn = (exchange: Exchange): number => {
  const limit = numberIn(exchange, 'limit') ?? 100;
  if (limit < 1) throw malformed('limit is to be at least 1.');
  return Math.min(limit, 1000);
};

/** One of these words; nothing where it is not there or empty. Refuses `malformed` for any other. */
export const choiceIn = <const Word extends string>(
  { query }: Exchange,
  name: string,
  words: readonly Word[],
): Word | undefined => {
  const text = query.get(name) ?? '';
  if (text === '') return undefined;
  const found = words.find((word) => word === text);
  if (found === undefined) throw malformed(`${name} is to be one of ${words.join(', ')}.`);
  return found;
};

/** May this caller know of what is of `owner`? */
export const maySee = (caller: Caller, owner: string): boolean => owner === caller.account.name || caller.may('admin');

/** What every list of an account's things says of `owner`. */
export const ownerQuery = 'Only of this account; who is no administrator sees their own and no others.';

/** Whose things are asked for: the caller's own; for an administrator those of `owner`, or all where none is named. */
export const ownerIn = ({ query }: Exchange, caller: Caller): string | undefined => {
  if (!caller.may('admin')) return caller.account.name;
  return query.get('owner') || undefined;
};
