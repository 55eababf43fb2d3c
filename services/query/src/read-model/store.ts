/** Reads of the store: bounded in time, with errors as the API reports them. */
import { AppError } from '@faultline/runtime';
import type { HistoryReader } from '@faultline/store';
import { FieldError, unavailable } from '../errors.ts';

export interface StoreReaderOptions {
  readonly store: HistoryReader;
  readonly timeoutMs: number;
}

/**
 * Runs one query. Throws UNAVAILABLE within `timeoutMs` when the store is down or slow, and `FieldError` for a page token that the store
 * did not issue. Other errors pass through.
 */
export type ReadStore = <Value>(query: (store: HistoryReader) => Promise<Value>) => Promise<Value>;

/** The only access to the store. */
export function createStoreReader({ store, timeoutMs }: StoreReaderOptions): ReadStore {
  return async (query) => {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(unavailable(`the store did not answer within ${timeoutMs} ms`)), timeoutMs);
    try {
      return await Promise.race([query(store), late]);
    } catch (error) {
      throw apiErrorOf(error);
    } finally {
      clearTimeout(timer);
    }
  };
}

function apiErrorOf(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code === 'QUERY_UNAVAILABLE') return error;
  if (error.code === 'STORE_BAD_PAGE_TOKEN')
    return new FieldError('pageToken', 'is not a token of this listing; start again without it');
  if (error.kind === 'transient')
    return unavailable('the store does not answer; open incidents can still be read', error);
  return error;
}
