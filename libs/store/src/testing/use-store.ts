/** A store for the tests of one file: opened before the first, closed after the last. */
import { afterAll, beforeAll } from 'vitest';
import type { Store } from '../port.ts';
import type { Batch } from '../rows.ts';
import { openTestStore, type TestStore, tenant } from './rows.ts';

export interface UsedStore {
  readonly store: Store;
  /** Under a token that no other run has. */
  insert(token: string, ...batches: readonly Omit<Batch, 'token'>[]): Promise<void>;
}

/** To be called where a file's tests are listed. */
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
