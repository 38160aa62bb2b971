import type { MountValues } from '../config/mounts.js';
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

const mounted = async (dialect: Dialect, options: MountValues, host: Host): Promise<DialectMount> => {
  const serving = await dialect.load();
  const { prefix, host: name, port } = options;
  const mount: Mount = {
    routes: serving.routes(host, options),
    prefix,
    ...(name !== null && { host: name }),
    ...(port !== null && { port }),
  };
  return {
    dialect,
    mount,
    endpoints: dialect.endpoints(options),
    sweeps: serving.sweeps?.(host, options) ?? [],
    showing: serving.show?.(host, options) ?? {},
    samples: serving.samples?.(options) ?? [],
  };
};

/** The dialects that the configuration turns on, each with the routes it makes of its options. */
export const dialectMounts = (config: Config, host: Host): Promise<DialectMount[]> => {
  const settings = dialectsOf(config);
  const spoken = Object.values(registry).flatMap((dialect) => {
    const options = settings[dialect.name];
    return options?.enabled ? [{ dialect, options }] : [];
  });
  return Promise.all(spoken.map(({ dialect, options }) => mounted(dialect, options, host)));
};
