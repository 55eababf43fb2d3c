/** What the rest of Faultline sees of the store. */
import type { Batch } from './rows.ts';

export interface StoreWriter {
  /**
   * Writes the batches, one after the other, and resolves when all of them are safely on disk (the parts are synced). Not atomic across
   * batches: after an error, repeat the whole call with the same tokens, and what had been written is not written again. An empty batch
   * is skipped. Throws STORE_UNAVAILABLE (transient: repeat) or STORE_REJECTED (permanent: these rows will never go in).
   */
  insert(batches: readonly Batch[]): Promise<void>;
}

export interface Store extends StoreWriter {
  /** Whether the engine answers. Never throws. */
  ping(): Promise<boolean>;
}
