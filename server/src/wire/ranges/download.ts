import type { IncomingHttpHeaders } from 'node:http';
import type { Range } from '../../kit/ranges.js';
import { formatContentRange } from './content-range.js';
import { parseRange, satisfy } from './range.js';

/** What is to be downloaded. */
export interface Download {
  /** Bytes. */
  readonly size: number;
  /** With its quotes, as it is sent. */
  readonly etag?: string;
  /** ms since 1970. */
  readonly modifiedAt?: number;
}

/** How a download is answered. */
export interface DownloadAnswer {
  readonly status: 200 | 206 | 416;
  /** `content-length`, `accept-ranges`, and as they apply `content-range`, `etag`, `last-modified`. */
  readonly headers: Readonly<Record<string, string | number>>;
  /** The bytes to send; null where there are none. */
  readonly range: Range | null;
}

/** Does `If-Range` allow a part? A weak tag never does (RFC 9110 §13.1.5), and a date only if it is the very one. */
const stillSame = (ifRange: string, { etag, modifiedAt }: Download): boolean => {
  if (ifRange.startsWith('"')) return ifRange === etag;
  return modifiedAt !== undefined && Date.parse(ifRange) === Math.floor(modifiedAt / 1000) * 1000;
};

/** Does `If-None-Match` say that the asker has what this tag stands for (RFC 9110 §13.1.2)? */
export const isKnown = (headers: IncomingHttpHeaders, etag: string): boolean =>
  (headers['if-none-match'] ?? '')
    .split(',')
    .some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === etag);

/**
 * Which part of a download a request gets. Several ranges at once, and a `Range` that makes no sense, get the whole: a
 * server may ignore `Range`, and nobody's client here asks for more than one.
 */
export const answerDownload = (headers: IncomingHttpHeaders, download: Download): DownloadAnswer => {
  const { size, etag, modifiedAt } = download;
  const common = {
    'accept-ranges': 'bytes',
    ...(etag === undefined ? {} : { etag }),
    ...(modifiedAt === undefined ? {} : { 'last-modified': new Date(modifiedAt).toUTCString() }),
  };
  const ifRange = headers['if-range'];
  const allowed = typeof ifRange !== 'string' || stillSame(ifRange, download);
  const [spec, ...others] = (allowed ? parseRange(headers.range) : undefined) ?? [];
  if (spec === undefined || others.length > 0)
    return {
      status: 200,
      headers: { ...common, 'content-length': size },
      range: size === 0 ? null : { start: 0, end: size },
    };
  const range = satisfy(spec, size);
  if (range === undefined)
    return {
      status: 416,
      headers: {
        'accept-ranges': 'bytes',
        'content-length': 0,
        'content-range': formatContentRange({ range: null, size }),
      },
      range: null,
    };
  return {
    status: 206,
    headers: {
      ...common,
      'content-length': range.end - range.start,
      'content-range': formatContentRange({ range, size }),
    },
    range,
  };
};
