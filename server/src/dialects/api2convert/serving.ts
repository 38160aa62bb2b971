import { Refusal } from '../../engine/refusals.js';
import type { Exchange, Reply, Route } from '../../http/exchange.js';
import { byteBudget } from '../../kit/budget.js';
import type { Host, Serving } from '../dialect.js';
import { type Parts, progressOf } from './context.js';
import type { Conversion } from './conversions/conversion.js';
import { offered } from './conversions/offered.js';
import { conversionWorker } from './jobs/running.js';
import { expirySweep, givenUpSweep } from './jobs/sweeping.js';
import { holding } from './memory.js';
import type { Operation } from './operation.js';
import { operations } from './operations.js';
import type { Api2ConvertOptions, options } from './options.js';
import { Problem, problems, replyOf } from './problems.js';
import { refusals } from './refusals.js';
import { callbackWorker } from './remote/calling.js';
import { fetchWorker } from './remote/fetching.js';
import { samples } from './showing/samples.js';
import { showing } from './showing/showing.js';
import { visitOf } from './visit.js';

/** Today's API, and as the vendor's former host had it (specs/api2convert.md §1.9). */
const bases = ['/v2', ''] as const;

/** What a failed request is told. Anything that is no refusal is logged, and tells nothing of the inside. */
const problemOf = (error: unknown, { log }: Host, operation: string): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof Refusal) return error.answer(refusals);
  log.error({ err: error, operation }, 'a request failed');
  return new Problem(500, 'The server failed.');
};

/** The answer with a name of its own, which clients put into their logs. */
const named = ({ ids }: Host, reply: Reply): Reply => ({
  ...reply,
  headers: { 'x-request-id': ids.next(), ...reply.headers },
});

const answer = async (parts: Parts, exchange: Exchange, { method, path, run }: Operation): Promise<Reply> => {
  const { host } = parts;
  const held = holding(parts.bodies);
  try {
    return named(host, await run(visitOf(parts, exchange, held)));
  } catch (error) {
    return named(host, replyOf(problemOf(error, host, `${method} ${path}`)));
  } finally {
    held.release();
  }
};

/** What serves the dialect over a catalogue of conversions. */
export const servingOf = (
  conversionsOf: (values: Api2ConvertOptions) => readonly Conversion[],
): Serving<typeof options> => {
  const partsOf = (host: Host, values: Api2ConvertOptions): Parts => ({
    host,
    options: values,
    conversions: offered(conversionsOf(values)),
    progress: progressOf(host),
    bodies: byteBudget(values.jsonMemory),
  });
  return {
    samples: () => samples,
    show: (host, values) => showing(partsOf(host, values)),
    sweeps: (host, values) => {
      const parts = partsOf(host, values);
      return [expirySweep(parts), givenUpSweep(parts)];
    },
    routes: (host, values): Route[] => {
      const parts = partsOf(host, values);
      for (const worker of [conversionWorker(parts), fetchWorker(parts), callbackWorker(parts)]) host.jobs.work(worker);
      const served = bases.flatMap((base) =>
        operations.map(
          (operation): Route => ({
            methods: [operation.method],
            path: `${base}${operation.path}`,
            name: `api2convert ${operation.method} ${operation.path}`,
            handle: (exchange) => answer(parts, exchange, operation),
          }),
        ),
      );
      const nowhere: Route = {
        methods: ['*'],
        path: '/v2/*',
        name: 'api2convert',
        handle: async () => named(host, replyOf(problems.notFound('Address'))),
      };
      return [...served, nowhere];
    },
  };
};
