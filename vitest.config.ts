import { defineConfig } from 'vitest/config';
import { gateReporters } from './.ci/failed-tests.ts';

const common = {
  // The embedded ClickHouse engine is one per process and native, so tests run in processes, not threads.
  pool: 'forks',
  testTimeout: 30_000,
} as const;

/** Tests that run all of Faultline, with promises about time: one at a time, after the others, so that they do not share the machine. */
const wholeApp = ['loadtest/**/*.test.ts', 'services/all/**/*.test.ts'];

/** Tests that need real servers: vitest.distributed.config.ts runs them. */
const distributed = '**/*.distributed.test.ts';

export default defineConfig({
  test: {
    ...gateReporters,
    projects: [
      {
        test: {
          ...common,
          name: 'part',
          include: ['{libs,services,infra}/**/*.test.{ts,tsx}', 'protos/**/*.test.ts', '.ci/*.test.ts'],
          exclude: ['**/node_modules/**', distributed, ...wholeApp],
          // Not 0: where one worker is all there is (two cores), vitest puts off what has order 0 to the very end.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...common,
          name: 'whole',
          include: wholeApp,
          exclude: ['**/node_modules/**', distributed],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
