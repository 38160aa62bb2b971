import type { Route } from '../../http/exchange.js';
import type { Serving } from '../dialect.js';
import { between } from './address.js';
import type { Operation } from './context.js';
import { filing } from './finish.js';
import { answer, ofCollection, ofUpload } from './operations.js';
import type { options } from './options.js';
import { samples, showing } from './showing.js';

/** What serves it. */
export const serving: Serving<typeof options> = {
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
};
