import { AppError, backoffMs, sleep } from '@faultline/runtime';
import type { Batch } from '@faultline/store';
import type { RecorderParts } from './parts.ts';

/**
 * Inserts, and while the store cannot take rows, waits and tries again with the same tokens: for ever, until the signal is aborted (false
 * then). Nothing is polled meanwhile, so memory stays as it is. Throws what is not transient.
 */
export async function insertAtLast(
  { store, config, logger, health }: RecorderParts,
  batches: readonly Batch[],
  signal: AbortSignal,
): Promise<boolean> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      await store.insert(batches);
      if (attempt > 1) health.set('recorder', { ok: true, detail: 'recording' });
      return true;
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'transient') throw error;
      logger.warn('the store cannot take rows; trying again', { code: error.code, attempt, reason: error.message });
      health.set('recorder', { ok: false, detail: `the store cannot take rows (${error.code}); trying again` });
      const backoff = { baseMs: config.storeRetryBaseMs, maxMs: config.storeRetryMaxMs };
      await sleep(backoffMs(attempt, backoff, Math.random), signal);
    }
  }
  return false;
}
