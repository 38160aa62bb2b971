/** Rows on a page (specs/api2convert.md §13). */
const perPage = 50;

/** The rows of the page that a query asks for, from 1 on; a page past the end has none. */
export const pageOf = <T>(rows: readonly T[], query: URLSearchParams): T[] => {
  const page = Number(query.get('page') ?? 1);
  if (!Number.isSafeInteger(page) || page < 1) return rows.slice(0, perPage);
  return rows.slice((page - 1) * perPage, page * perPage);
};
