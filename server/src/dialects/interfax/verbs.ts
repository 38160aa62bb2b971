import type { FaxQuery } from './faxes/faxes.js';

const idForm = /^\s*\d{1,15}\s*$/;

const readIds = (text: string): number[] | undefined => {
  const parts = text.split(',');
  return parts.every((each) => idForm.test(each)) ? parts.map(Number) : undefined;
};

/** Which faxes a verb of FaxQuery and its data name (specs/interfax.md §4); undefined for what is no verb, or not its data. */
export const readVerb = (
  verb: string,
  data: string,
): Pick<FaxQuery, 'from' | 'to' | 'active' | 'matches'> | undefined => {
  const name = verb.trim().toUpperCase();
  if (name === 'ACTIVE') return data.trim() === '' ? { active: true } : undefined;
  const ids = readIds(data);
  const [first, second, ...more] = ids ?? [];
  if (ids === undefined || first === undefined) return undefined;
  if (name === 'IN') {
    const wanted = new Set(ids);
    return { from: Math.min(...wanted), to: Math.max(...wanted), matches: ({ id }) => wanted.has(id) };
  }
  if (name === 'BETWEEN')
    return second !== undefined && more.length === 0 && second > first ? { from: first, to: second } : undefined;
  if (second !== undefined) return undefined;
  switch (name) {
    case 'PARENT':
      return { from: first, matches: ({ parent }) => parent === first };
    case 'GT':
      return { from: first + 1 };
    case 'GE':
      return { from: first };
    case 'LT':
      return { to: first - 1 };
    case 'LE':
      return { to: first };
    case 'EQ':
      return { from: first, to: first };
    default:
      return undefined;
  }
};
