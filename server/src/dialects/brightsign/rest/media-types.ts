// The vendor's media types: `application/vnd.bsn.{what}.{version}+json` (specs/brightsign.md §B3).

/** What a body's arguments are of. */
export type Subject = 'content' | 'asset' | 'page';
/** What is to be done with them; `change`: arguments alone. */
export type Act = 'start' | 'complete' | 'change';

/** What a request's Content-Type tells. Plain JSON tells nothing: then the route and what is known do. */
export interface Intent {
  readonly act?: Act;
  readonly subject?: Subject;
}

const argumentsType =
  /^application\/vnd\.bsn\.(?:(start|complete)\.)?(content|webpage\.asset|webpage)\.(?:upload|update)\.arguments(?:\.\d+)?\+json$/;

const subjects: Readonly<Record<string, Subject>> = { content: 'content', 'webpage.asset': 'asset', webpage: 'page' };

/** What a Content-Type tells; nothing where it is none of ours. */
export const intentOf = (contentType: string): Intent | undefined => {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json' || type === '*/*') return {};
  const [, act, what = ''] = argumentsType.exec(type) ?? [];
  const subject = subjects[what];
  return subject && { act: act === 'start' || act === 'complete' ? act : 'change', subject };
};

/** Kinds of answers. */
export type AnswerKind =
  | 'content.upload.status'
  | 'content.upload.negotiation.status'
  | 'webpage.upload.status'
  | 'webpage.upload.status.pagedlist'
  | 'upload.content.chunk.status.list';

/** What every failure is told as. */
export const errorType = 'application/vnd.bsn.error+json';

/**
 * The type that an answer of this kind has for whoever accepts these: the vendor's, in the version that was asked for, else
 * plain JSON; nothing where neither is accepted. `version`: `201903`, where none is asked for.
 */
export const labelOf = (accept: string | undefined, kind: AnswerKind, version: string): string | undefined => {
  const ranges = (accept ?? '')
    .split(',')
    .filter((range) => !/;\s*q=0(\.0*)?\s*(;|$)/i.test(range))
    .map((range) => range.split(';', 1)[0]?.trim().toLowerCase() ?? '');
  const vendor = new RegExp(`^application/vnd\\.bsn\\.${kind.replaceAll('.', '\\.')}(\\.\\d+)?\\+json$`);
  const named = ranges.find((range) => vendor.test(range));
  if (named !== undefined) return named;
  if (ranges.includes('*/*') || ranges.includes('application/*')) return `application/vnd.bsn.${kind}.${version}+json`;
  return ranges.includes('application/json') ? 'application/json' : undefined;
};
