import { defineConfig } from 'vitest/config';

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
    projects: [
      {
        test: {
          ...common,
          name: 'part',
          include: ['{libs,services,infra}/**/*.test.{ts,tsx}', 'protos/**/*.test.ts'],
          exclude: ['**/node_modules/**', distributed, ...wholeApp],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'whole',
          include: wholeApp,
          exclude: ['**/node_modules/**', distributed],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
