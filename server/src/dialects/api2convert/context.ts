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

/** The name of this dialect's uploads and of its root in the catalog. */
export const dialectName = 'api2convert';

/** The path of uploads and downloads below the origin. */
export const serverPath = '/v2/dl/web1';
