import type { Route } from '../http/exchange.js';
import type { Sweep } from '../services/janitor/janitor.js';
import { leftFolders } from '../services/programs/left-folders.js';
import { previewFolder } from './files/pdf.js';
import type { ApiHost, ApiSurroundings } from './host.js';
import { healthOf } from './live/health.js';
import { openHub } from './live/hub.js';
import { operations } from './operations.js';
import type { ApiOptions } from './options.js';
import { apiRoutes } from './routes.js';
import { attempts } from './session/attempts.js';
import { openSessions } from './session/sessions.js';

/** The API, ready to be served. */
export interface Api {
  /** All lie below `/api`. */
  readonly routes: readonly Route[];
  readonly sweeps: readonly Sweep[];
  /** Ends everybody's watching. */
  stop(): Promise<void>;
}

/** Opens the API. From now on accounts honour the keys of its sessions. */
export const openApi = (lent: ApiSurroundings, options: ApiOptions): Api => {
  const sessions = openSessions(lent, options);
  lent.accounts.honour(async (key) => (await sessions.findByKey(key))?.account);
  const live = openHub({ ...lent, health: () => healthOf(lent, live) });
  const host: ApiHost = { ...lent, options, sessions, attempts: attempts(lent.clock), live };
  const previews = leftFolders(lent.clock, { name: 'left previews', folder: previewFolder(lent.data) });
  return { routes: apiRoutes(host, operations), sweeps: [sessions.sweep, previews], stop: live.stop };
};
