/** Reads the dead letters from the newest to the oldest. */
import type { Bus, LogRecord } from '@faultline/bus';

const stepRecords = 256n;

export interface BackwardsOptions {
  readonly tenant: string;
  /** Empty: all. */
  readonly source: string;
  /** Reads below this offset. Null: from the newest. */
  readonly below: bigint | null;
  /** Most steps of 256 records. */
  readonly maxSteps: number;
}

export interface BackwardsStep {
  /** Those of the tenant and source, newest first. */
  readonly records: readonly LogRecord[];
  /** The offset of the oldest record that was read: the next step reads below it. */
  readonly from: bigint;
  /** Whether there are older ones. */
  readonly hasMore: boolean;
}

/** Yields step after step. The caller stops when it has what it needs. */
export async function* readBackwards(
  bus: Bus,
  { tenant, source, below, maxSteps }: BackwardsOptions,
): AsyncGenerator<BackwardsStep> {
  const [end] = await bus.offsets('dead-letters');
  if (end === undefined) return;
  let to = below ?? end.next;
  for (let step = 0; step < maxSteps && to > end.first; step += 1) {
    const from = to - stepRecords > end.first ? to - stepRecords : end.first;
    const records: LogRecord[] = [];
    for await (const record of bus.read({ topic: 'dead-letters', partition: end.partition, from, to }))
      if (belongsTo(record, tenant) && (source === '' || record.key === source)) records.push(record);
    yield { records: records.reverse(), from, hasMore: from > end.first };
    to = from;
  }
}

/** A record without a `tenant` header belongs to the default tenant. */
function belongsTo(record: LogRecord, tenant: string): boolean {
  return (record.headers['tenant'] ?? 'default') === tenant;
}
