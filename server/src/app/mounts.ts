import { type Config, dialectsOf } from '../config.js';
import type { Dialect, Endpoint, Host } from '../dialects/dialect.js';
import * as dialects from '../dialects/index.js';
import type { Sample, Showing } from '../dialects/showing.js';
import type { Mount } from '../http/listener.js';
import type { Sweep } from '../services/janitor/janitor.js';

const registry: Readonly<Record<string, Dialect>> = dialects;

/** A dialect that is to be spoken, and where. */
export interface DialectMount {
  readonly dialect: Dialect;
  readonly mount: Mount;
  readonly endpoints: readonly Endpoint[];
  readonly sweeps: readonly Sweep[];
  readonly showing: Showing;
  readonly samples: readonly Sample[];
}

/** The dialects that the configuration turns on, each with the routes it makes of its options. */
export const dialectMounts = (config: Config, host: Host): DialectMount[] => {
  const settings = dialectsOf(config);
  return Object.values(registry).flatMap((dialect) => {
    const options = settings[dialect.name];
    if (!options?.enabled) return [];
    const { prefix, host: name, port } = options;
    const mount: Mount = {
      routes: dialect.routes(host, options),
      prefix,
      ...(name !== null && { host: name }),
      ...(port !== null && { port }),
    };
    const sweeps = dialect.sweeps?.(host, options) ?? [];
    const showing = dialect.show?.(host, options) ?? {};
    const samples = dialect.samples?.(options) ?? [];
    return [{ dialect, mount, endpoints: dialect.endpoints(options), sweeps, showing, samples }];
  });
};
