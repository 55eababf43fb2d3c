import { AppError, backoffMs, sleep } from '@faultline/runtime';
import type { Batch, Row, TableName } from '@faultline/store';
import type { LoopParts } from './parts.ts';

type InsertParts = Pick<LoopParts, 'store' | 'config' | 'logger' | 'health' | 'metrics'>;

/** A row that the store refuses permanently. */
export interface RejectedRow {
  readonly table: TableName;
  readonly row: Row;
  /** The batch's token, and the row's place in it. */
  readonly name: string;
  readonly reason: string;
}

/**
 * More rejected rows than this in one insert mean that the store is wrong, not the rows. Nothing may be discarded then.
 */
const maxRejectedRows = 100;

/**
 * Inserts batches. While the store is unavailable, waits and retries with the same tokens, until `signal` is aborted
 * (returns null). Nothing is polled meanwhile, so memory does not grow. Returns the rows that the store refused
 * permanently; they are found by halving, and a repeat halves in the same way. Throws other permanent errors, and when
 * too many rows are refused.
 */
export async function insertWithRetries(
  parts: InsertParts,
  batches: readonly Batch[],
  signal: AbortSignal,
): Promise<readonly RejectedRow[] | null> {
  const rejected: RejectedRow[] = [];
  const outcome = await insertUntilAccepted(parts, batches, signal);
  if (outcome === 'stopped') return null;
  if (outcome === 'inserted') return rejected;
  for (const batch of batches) if (!(await isolate(parts, batch, signal, rejected))) return null;
  return rejected;
}

/** False when the signal was aborted. */
async function isolate(
  parts: InsertParts,
  batch: Batch,
  signal: AbortSignal,
  rejected: RejectedRow[],
): Promise<boolean> {
  const outcome = await insertUntilAccepted(parts, [batch], signal);
  if (outcome === 'inserted' || outcome === 'stopped') return outcome === 'inserted';
  const [row] = batch.rows;
  if (batch.rows.length === 1 && row !== undefined) {
    if (rejected.length >= maxRejectedRows) throw outcome;
    rejected.push({ table: batch.table, row, name: batch.token, reason: outcome.message });
    return true;
  }
  const middle = batch.rows.length >> 1;
  for (const [from, to] of [
    [0, middle],
    [middle, batch.rows.length],
  ] as const) {
    // A slice of a batch has rows of the same table.
    const half = { ...batch, rows: batch.rows.slice(from, to), token: `${batch.token}[${from}-${to}]` } as Batch;
    if (!(await isolate(parts, half, signal, rejected))) return false;
  }
  return true;
}

/** Returns the error when the store refuses the rows themselves. */
async function insertUntilAccepted(
  { store, config, logger, health, metrics }: InsertParts,
  batches: readonly Batch[],
  signal: AbortSignal,
): Promise<'inserted' | 'stopped' | AppError> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      await store.insert(batches);
      if (attempt > 1) health.set('recorder', { ok: true, detail: 'recording' });
      return 'inserted';
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'STORE_REJECTED') return error;
      if (error.kind !== 'transient') throw error;
      metrics.storeUnavailable();
      logger.warn('the store does not accept rows; retrying', { code: error.code, attempt, reason: error.message });
      health.set('recorder', { ok: false, detail: `the store does not accept rows (${error.code}); retrying` });
      const backoff = { baseMs: config.storeRetryBaseMs, maxMs: config.storeRetryMaxMs };
      await sleep(backoffMs(attempt, backoff, Math.random), signal);
    }
  }
  return 'stopped';
}
