import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['libs/**/*.test.ts', 'services/**/*.test.ts', 'loadtest/**/*.test.ts', 'protos/**/*.test.ts'],
    // The embedded ClickHouse engine is one per process and native, so tests run in processes, not threads.
    pool: 'forks',
    testTimeout: 30_000,
  },
});
