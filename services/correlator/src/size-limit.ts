/**
 * How large the records of a commit may be. A broker may refuse less than `bus.maxRecordBytes`, so a refused commit is made again with
 * smaller records: incidents leave out more, and the state and the journal are written in smaller chunks.
 */

/** Every incident and every chunk can be made this small. */
const leastBytes = 16_384;

export class SizeLimit {
  #maxRecordBytes: number;
  /** Rounds that take one record each, so that a refused commit shows which one it is. */
  #singleRounds = 0;

  constructor(maxRecordBytes: number) {
    this.#maxRecordBytes = maxRecordBytes;
  }

  /** Largest record to write: key, value and headers together. */
  get maxRecordBytes(): number {
    return this.#maxRecordBytes;
  }

  /** How many records a round may take. */
  batchRecords(most: number): number {
    return this.#singleRounds > 0 ? 1 : most;
  }

  /**
   * A commit of a round with this many records was refused. Returns what is tried next: smaller records, then one record at a time;
   * `refuse`: it is known which record cannot be taken.
   */
  refused(records: number, batchRecords: number): 'smaller' | 'single' | 'refuse' {
    if (this.#maxRecordBytes > leastBytes) {
      this.#maxRecordBytes = Math.max(leastBytes, Math.floor(this.#maxRecordBytes / 2));
      return 'smaller';
    }
    if (records === 1) return 'refuse';
    this.#singleRounds = batchRecords;
    return 'single';
  }

  /** A round with records was committed. */
  committed(): void {
    this.#singleRounds = Math.max(0, this.#singleRounds - 1);
  }
}
