import { createHash } from 'node:crypto';
import type { Ids } from '../../kit/ids.js';

/** 32 hexadecimal digits, lower case: a GUID without its hyphens, as keys and ids have it. */
export type Guid = string;

/** A new GUID that nobody can guess: made of an id's random bits, and never told together with it. */
export const newGuid = (ids: Ids): Guid => createHash('sha256').update(ids.next()).digest('hex').slice(0, 32);

const forms = [
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  /^[0-9a-f]{32}$/i,
  /^\{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}$/i,
];

/** Reads a GUID: with hyphens, without, or in braces, in any letter case (specs/inforouter.md §5.3). Undefined for what is none. */
export const readGuid = (text: string): Guid | undefined => {
  const trimmed = text.trim();
  return forms.some((form) => form.test(trimmed)) ? trimmed.replace(/[{}-]/g, '').toLowerCase() : undefined;
};

/** A GUID as clients are told it: lower case, with hyphens. */
export const printGuid = (guid: Guid): string =>
  [guid.slice(0, 8), guid.slice(8, 12), guid.slice(12, 16), guid.slice(16, 20), guid.slice(20)].join('-');
