import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['server', 'client', 'console'].flatMap((part) => [
      `${part}/src/**/*.test.ts`,
      `${part}/test/**/*.test.ts`,
    ]),
    // Tests that kill processes or move gigabytes take as long as the machine needs; a hang is ended by CI's own limit.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: 'forks',
    // Most tests wait for other processes most of the time.
    maxWorkers: availableParallelism() + 1,
  },
});
