/** The store as query reads it: its errors told as the API tells them, and a bound on how long an answer may take. */
import { AppError } from '@faultline/runtime';
import type { HistoryReader } from '@faultline/store';
import { FieldError, unavailable } from '../errors.ts';

export interface HistoryOptions {
  readonly store: HistoryReader;
  readonly timeoutMs: number;
}

/**
 * Asks the store. It may be down or slow: then UNAVAILABLE, within `timeoutMs`. A page token that is not the store's is the caller's
 * mistake. Other errors stay as they are.
 */
export type AskStore = <Value>(question: (store: HistoryReader) => Promise<Value>) => Promise<Value>;

/** The one way to the store. */
export function createHistory({ store, timeoutMs }: HistoryOptions): AskStore {
  return async (question) => {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(unavailable(`the store did not answer within ${timeoutMs} ms`)), timeoutMs);
    try {
      return await Promise.race([question(store), late]);
    } catch (error) {
      throw told(error);
    } finally {
      clearTimeout(timer);
    }
  };
}

function told(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code === 'QUERY_UNAVAILABLE') return error;
  if (error.code === 'STORE_BAD_PAGE_TOKEN')
    return new FieldError('pageToken', 'is not a token of this listing; start again without it');
  if (error.kind === 'transient')
    return unavailable('the store does not answer; open incidents can still be read', error);
  return error;
}
