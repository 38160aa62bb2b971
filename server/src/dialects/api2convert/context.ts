import type { ByteBudget } from '../../kit/budget.js';
import type { Host } from '../dialect.js';
import type { Conversions } from './conversions/offered.js';
import type { Api2ConvertOptions } from './options.js';

/** What the dialect is made of: the same for all requests and all work behind them. */
export interface Parts {
  readonly host: Host;
  readonly options: Api2ConvertOptions;
  readonly conversions: Conversions;
  /** Percent, by job; of those that this process converts. */
  readonly progress: Map<string, number>;
  /** Bytes of JSON bodies that all requests may hold in memory. */
  readonly bodies: ByteBudget;
}

const progresses = new WeakMap<Host, Map<string, number>>();

/** How far the jobs are that a host's server converts: one for all who are lent that host. It is lost with the process. */
export const progressOf = (host: Host): Map<string, number> => {
  const found = progresses.get(host) ?? new Map<string, number>();
  progresses.set(host, found);
  return found;
};

/** The path of uploads and downloads below the origin. */
export const serverPath = '/v2/dl/web1';
