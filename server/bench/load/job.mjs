import { once } from 'node:events';

/**
 * The load's side of its talk with the run: takes the job, and does its phases when told to, so that the run can read
 * the server's counters between them. `phases` makes an async generator: each `yield` ends a phase with its result. Ends with
 * the run, whatever becomes of it.
 */
export async function serveJob(phases) {
  process.once('disconnect', () => process.exit());
  const [job] = await once(process, 'message');
  try {
    for await (const result of phases(job)) {
      const told = once(process, 'message');
      process.send({ result });
      await told;
    }
    process.send({ done: true });
  } catch (failure) {
    process.send({ failure: String(failure.stack) });
  }
  process.disconnect();
}

/** Seconds from `begin`, a `process.hrtime.bigint()`. */
export const secondsSince = (begin) => Number(process.hrtime.bigint() - begin) / 1e9;
