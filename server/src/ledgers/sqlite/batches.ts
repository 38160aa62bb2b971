/** Gathers jobs that come in one turn of the event loop and serves them together, one batch after the other. */
export interface Batches<Job> {
  add(job: Job): void;
  /** Resolves once nothing is left to do. */
  idle(): Promise<void>;
}

/** Makes a line for batches of up to `size` jobs. `serve` must not reject. Between batches the event loop gets its turn. */
export const batches = <Job>(size: number, serve: (jobs: readonly Job[]) => Promise<void>): Batches<Job> => {
  const line: Job[] = [];
  let idlers: (() => void)[] = [];
  let running = false;

  const next = async () => {
    await serve(line.splice(0, size));
    if (line.length > 0) {
      setImmediate(next);
      return;
    }
    running = false;
    for (const wake of idlers) wake();
    idlers = [];
  };

  return {
    add: (job) => {
      line.push(job);
      if (running) return;
      running = true;
      setImmediate(next);
    },
    idle: () => (running ? new Promise((wake) => idlers.push(wake)) : Promise.resolve()),
  };
};
