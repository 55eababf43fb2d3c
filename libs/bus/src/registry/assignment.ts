import type { TopicName } from '@faultline/model';
import type { Commit, LogRecord, PartitionAssignment } from '../port.ts';
import type { Conversion } from './convert.ts';

/** An assignment whose records are converted when read and written. */
export class RegistryAssignment implements PartitionAssignment {
  readonly #inner: PartitionAssignment;
  readonly #conversion: Conversion;
  /** Polled but not returned, because the registry did not respond. The next poll starts with them. */
  #held: readonly LogRecord[] = [];

  constructor(inner: PartitionAssignment, conversion: Conversion) {
    this.#inner = inner;
    this.#conversion = conversion;
  }

  get partition(): number {
    return this.#inner.partition;
  }

  get signal(): AbortSignal {
    return this.#inner.signal;
  }

  async poll(limit: Parameters<PartitionAssignment['poll']>[0]): Promise<readonly LogRecord[]> {
    if (this.#held.length === 0) this.#held = await this.#inner.poll(limit);
    const records = await this.#conversion.readAll(this.#held);
    this.#held = [];
    return records;
  }

  commit({ records, positions }: Commit): Promise<void> {
    return this.#inner.commit({ records: this.#conversion.writeAll(records), positions });
  }

  committed(topic: TopicName): Promise<bigint> {
    return this.#inner.committed(topic);
  }
}
