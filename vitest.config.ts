import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes minutes, because it waits for modems or lets a server die two hundred times. */
const slow = /crash\/kill|interfax\/hylafax/;

/** Begins with what takes longest, so that nothing runs alone at the end. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) => slow.test(moduleId);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

export default defineConfig({
  test: {
    include: ['server', 'client', 'console'].flatMap((part) => [
      `${part}/src/**/*.test.ts`,
      `${part}/test/**/*.test.ts`,
    ]),
    sequence: { sequencer: SlowFirst },
    // Tests that kill processes or move gigabytes take as long as the machine needs; a hang is ended by CI's own limit.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: 'forks',
    // Most tests wait for other processes most of the time.
    maxWorkers: availableParallelism() + 1,
  },
});
