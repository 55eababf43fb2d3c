/** What the rest of Faultline sees of the store. */
import type { EvidenceQuestion } from '@faultline/model';
import type { EvidenceRows } from './queries/evidence.ts';
import type { Batch } from './rows.ts';

export interface StoreWriter {
  /**
   * Writes the batches, one after the other, and resolves when all of them are safely on disk (the parts are synced). Not atomic across
   * batches: after an error, repeat the whole call with the same tokens, and what had been written is not written again. An empty batch
   * is skipped. Throws STORE_UNAVAILABLE (transient: repeat) or STORE_REJECTED (permanent: these rows will never go in).
   */
  insert(batches: readonly Batch[]): Promise<void>;
}

export interface EvidenceReader {
  /**
   * Answers from the windows as they are now; never waits for telemetry. Bounded: 20,000 rows of a kind, 5,000 series, and the time left
   * to the question's deadline (at least 1 s, at most `store.maxQueryMs`). What failed is in `missing`; throws only when all of it failed.
   */
  answerEvidence(question: EvidenceQuestion): Promise<EvidenceRows>;
}

export interface Store extends StoreWriter, EvidenceReader {
  /** Whether the engine answers. Never throws. */
  ping(): Promise<boolean>;
}
