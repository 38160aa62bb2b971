import type { Route } from '../../http/exchange.js';
import { dialect } from '../dialect.js';
import type { Operation } from './context.js';
import { filing } from './finish.js';
import { answer, ofCollection, ofUpload } from './operations.js';
import { options } from './options.js';
import { samples, showing } from './showing.js';

/** The path with a slash at both ends. */
const between = (path: string): string => `/${path}/`.replace(/\/{2,}/g, '/');

/** Resumable uploads as tus.io has them: version 1.0 with every extension. */
export const tus = dialect({
  name: 'tus',
  title: 'tus 1.0',
  doc: 'Creates uploads, sends their bytes in chunks, and goes on after a cut where the server stands.',
  options,
  endpoints: ({ path }) => [{ path: between(path), what: 'tus 1.0 with every extension' }],
  samples: ({ path }) => samples(between(path)),
  show: showing,
  routes: (host, values) => {
    const path = between(values.path);
    const context = { host, options: values, path, finish: filing(host) };
    const routesAt = (at: string, operations: Readonly<Record<string, Operation>>): Route[] =>
      // A route for each method gives it a name in the log; whatever has none is refused in the words of tus.
      ['OPTIONS', ...Object.keys(operations), '*'].map((method) => ({
        methods: [method],
        path: at,
        name: method === '*' ? 'tus' : `tus ${method}`,
        handle: (exchange) => answer(exchange, context, operations),
      }));
    return [...routesAt(path, ofCollection), ...routesAt(`${path}:id`, ofUpload)];
  },
});
