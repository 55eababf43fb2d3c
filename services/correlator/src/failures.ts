import type { LogRecord } from '@faultline/bus';

type RecordId = Pick<LogRecord, 'topic' | 'partition' | 'offset'>;

/** How often taking a record failed in this process. Shared by all runs of a partition, as each failure ends one. */
export class Failures {
  readonly #failures = new Map<string, { count: number; reason: string }>();

  of(record: RecordId): { readonly count: number; readonly reason: string } {
    return this.#failures.get(keyOf(record)) ?? { count: 0, reason: '' };
  }

  add(record: RecordId, reason: string): void {
    this.#failures.set(keyOf(record), { count: this.of(record).count + 1, reason });
  }

  /** The record was handled, or became a dead letter. */
  forget(record: RecordId): void {
    this.#failures.delete(keyOf(record));
  }
}

function keyOf({ topic, partition, offset }: RecordId): string {
  return `${topic}/${partition}/${offset}`;
}
