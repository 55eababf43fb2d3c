import { defineConfig } from 'vitest/config';
import { gateReporters } from './.ci/failed-tests.ts';

const common = {
  // A process can hold only one embedded ClickHouse engine, so tests run in processes, not in threads.
  pool: 'forks',
  testTimeout: 30_000,
} as const;

/** Tests that run all of Faultline and check times. They run after the others, one at a time, so that they do not share the machine. */
const wholeApp = ['loadtest/**/*.test.ts', 'services/all/**/*.test.ts'];

/**
 * Packages whose tests share no state of the process: files run one after the other in the same process, and each module is loaded once. With a
 * process for each file, loading took three quarters of the time.
 */
const shared = 'libs/{correlation,model,runtime}/**/*.test.ts';
const sharedServices = 'services/{console,correlator,ingest,notifier,query}/**/*.test.{ts,tsx}';

/** Tests that need real servers. `vitest.distributed.config.ts` runs them. */
const distributed = '**/*.distributed.test.ts';

export default defineConfig({
  test: {
    ...gateReporters,
    projects: [
      {
        test: {
          ...common,
          name: 'shared',
          include: [shared, sharedServices],
          exclude: ['**/node_modules/**', distributed],
          isolate: false,
          // Not 0: with a single worker (two cores) vitest runs order 0 last.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...common,
          name: 'part',
          include: ['{libs,services,infra}/**/*.test.{ts,tsx}', 'protos/**/*.test.ts', '.ci/*.test.ts'],
          exclude: ['**/node_modules/**', distributed, shared, sharedServices, ...wholeApp],
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...common,
          name: 'whole',
          include: wholeApp,
          exclude: ['**/node_modules/**', distributed],
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
