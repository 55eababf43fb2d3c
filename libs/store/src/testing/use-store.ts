/** One store for all tests of a file. */
import { afterAll, beforeAll } from 'vitest';
import type { Store } from '../port.ts';
import type { Batch } from '../rows.ts';
import { openTestStore, type TestStore, tenant } from './rows.ts';

export interface UsedStore {
  readonly store: Store;
  /** Inserts under a token that no other run uses. */
  insert(token: string, ...batches: readonly Omit<Batch, 'token'>[]): Promise<void>;
}

/** Opens the store before the first test and closes it after the last. Call it at the top of a test file. */
export function useTestStore(): UsedStore {
  let opened: TestStore;
  beforeAll(async () => {
    opened = await openTestStore();
  }, 60_000);
  afterAll(() => opened.close());
  return {
    get store() {
      return opened.store;
    },
    insert: (token, ...batches) =>
      opened.store.insert(batches.map((batch) => ({ ...batch, token: `${tenant}/${token}` }) as Batch)),
  };
}
