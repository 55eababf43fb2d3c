import type { LogRecord } from '@faultline/bus';
import type { CorrelatorErrorCode } from './errors.ts';

type RecordId = Pick<LogRecord, 'topic' | 'partition' | 'offset'>;

/** Why a record is not taken. */
export interface Refusal {
  readonly code: CorrelatorErrorCode;
  readonly reason: string;
}

/** A failure may have a cause that passes. */
const maxFailures = 2;

/** How often taking a record failed in this process. Shared by all runs of a partition, as each failure ends one. */
export class Failures {
  readonly #failures = new Map<string, { readonly count: number; readonly refusal: Refusal }>();

  /** Why the record must become a dead letter; null: take it. */
  refusalOf(record: RecordId): Refusal | null {
    const failed = this.#failures.get(keyOf(record));
    return failed === undefined || failed.count < maxFailures ? null : failed.refusal;
  }

  /** Taking it threw. */
  add(record: RecordId, reason: string): void {
    const count = (this.#failures.get(keyOf(record))?.count ?? 0) + 1;
    this.#failures.set(keyOf(record), { count, refusal: { code: 'CORRELATOR_STEP_FAILED', reason } });
  }

  /** It must not be taken again. */
  refuse(record: RecordId, refusal: Refusal): void {
    this.#failures.set(keyOf(record), { count: maxFailures, refusal });
  }

  /** The record was handled, or became a dead letter. */
  forget(record: RecordId): void {
    this.#failures.delete(keyOf(record));
  }
}

function keyOf({ topic, partition, offset }: RecordId): string {
  return `${topic}/${partition}/${offset}`;
}
