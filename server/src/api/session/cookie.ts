import type { Exchange } from '../../http/exchange.js';

/** How the browser sees the API. A page over HTTPS has a cookie that no page over HTTP can set. */
const placeOf = (origin: string): { name: string; path: string; secure: boolean } => {
  const { protocol, pathname } = new URL(origin);
  const secure = protocol === 'https:';
  return {
    name: secure ? '__Secure-longshore-session' : 'longshore-session',
    path: `${pathname.replace(/\/$/, '')}/api`,
    secure,
  };
};

/** The session's secret that a request shows, if it shows one. */
export const shownSecret = ({ headers, origin }: Exchange): string | undefined => {
  const { name } = placeOf(origin);
  for (const pair of (headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
};

/** `Set-Cookie` for a session's secret; `seconds`: 0 removes it. */
export const cookieOf = ({ origin }: Exchange, secret: string, seconds: number): string => {
  const { name, path, secure } = placeOf(origin);
  return `${name}=${secret}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
};
