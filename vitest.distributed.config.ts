import { defineConfig } from 'vitest/config';
import { gateReporters } from './.ci/failed-tests.ts';

/** Tests against real servers: `npm run test:distributed`. The setup starts them. */
const common = { pool: 'forks', testTimeout: 60_000, hookTimeout: 60_000 } as const;

/** Tests that run whole processes of Faultline and check times. They run after the others, one at a time. */
const wholeApp = ['loadtest/**/*.distributed.test.ts', 'services/all/**/*.distributed.test.ts'];

export default defineConfig({
  test: {
    ...gateReporters,
    globalSetup: 'infra/servers/src/vitest-setup.ts',
    projects: [
      {
        test: {
          ...common,
          name: 'servers',
          include: ['{libs,services,infra}/**/*.distributed.test.ts'],
          exclude: ['**/node_modules/**', ...wholeApp],
          // Not 0, for the reason given in vitest.config.ts.
          sequence: { groupOrder: 1 },
        },
      },
      {
        // The store's own tests once more, over a server instead of the embedded engine.
        test: {
          ...common,
          name: 'store',
          include: ['libs/store/**/*.test.ts'],
          exclude: ['**/*.distributed.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: { ...common, name: 'whole', include: wholeApp, fileParallelism: false, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
