/**
 * The one loop that writes to the log. Submissions that wait during a write go into the next one together, so that they
 * share a disk flush. The running totals of the loss ledger follow the order of the writes. They are in the same write
 * as what they count.
 */
import type { Bus, OutgoingRecord } from '@faultline/bus';
import { codecs, type LedgerField, type LedgerTotals, ledgerFields, type Signal } from '@faultline/model';
import { AppError, sleep } from '@faultline/runtime';

export interface Count {
  readonly source: string;
  readonly signal: Signal;
  readonly accepted: number;
  readonly deadLettered: number;
}

/** All of it is written, or nothing. */
export interface Submission {
  readonly records: readonly OutgoingRecord[];
  readonly counts: readonly Count[];
}

export interface Publisher {
  /** Resolves when the records are safe. Rejects as `Bus.publish` does, and with INGEST_OVERLOADED (transient) when too much is waiting. */
  publish(submission: Submission): Promise<void>;
  /** Resolves when nothing is waiting. */
  drained(): Promise<void>;
}

export interface PublisherOptions {
  readonly bus: Pick<Bus, 'publish'>;
  /** Nobody else writes ledger totals under this name, nor under it with a dot and a number. */
  readonly writer: string;
  readonly maxBatchBytes: number;
  readonly maxWaitingBytes: number;
  /** How long a submission that meets an idle log waits for others, so that they share its disk flush. */
  readonly lingerMs: number;
}

interface Waiting {
  readonly submission: Submission;
  readonly sizeBytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

type Totals = LedgerTotals['totals'];

export function createPublisher(options: PublisherOptions): Publisher {
  const queue: Waiting[] = [];
  let totals: ReadonlyMap<string, LedgerTotals> = new Map();
  let writer = options.writer;
  let failedWrites = 0;
  let waitingBytes = 0;
  let loop: Promise<void> = Promise.resolve();
  let running = false;

  async function write(batch: readonly Waiting[]): Promise<void> {
    const next = addCounts(
      totals,
      writer,
      batch.flatMap((waiting) => waiting.submission.counts),
    );
    const records = batch.flatMap((waiting) => waiting.submission.records);
    await options.bus.publish([...records, ...[...next.values()].map(ledgerRecord)]);
    totals = new Map([...totals, ...next]);
    for (const waiting of batch) waiting.resolve();
  }

  async function writeOrReject(batch: readonly Waiting[]): Promise<void> {
    try {
      await write(batch);
    } catch (error) {
      const isTransient = error instanceof AppError && error.kind === 'transient';
      if (isTransient) beginAnew();
      // A permanent error is the fault of one of them: each is tried alone, so that it sinks no other.
      const isShared = batch.length === 1 || isTransient;
      if (isShared) for (const waiting of batch) waiting.reject(error);
      else for (const waiting of batch) await writeOrReject([waiting]);
    }
  }

  /**
   * A write that failed in passing may be on the log all the same: its last answer was lost. Its totals were written with what they count, or
   * neither was; so they are left as they are, and counting begins at nothing under another name.
   */
  function beginAnew(): void {
    failedWrites += 1;
    writer = `${options.writer}.${failedWrites}`;
    totals = new Map();
  }

  async function run(): Promise<void> {
    if (options.lingerMs > 0) await sleep(options.lingerMs);
    while (queue.length > 0) {
      const batch = takeBatch(queue, options.maxBatchBytes);
      await writeOrReject(batch);
      for (const waiting of batch) waitingBytes -= waiting.sizeBytes;
    }
    running = false;
  }

  return {
    publish: (submission) => {
      if (submission.records.length === 0 && submission.counts.length === 0) return Promise.resolve();
      const sizeBytes = submission.records.reduce((sum, record) => sum + (record.value?.length ?? 0) + 256, 0);
      if (waitingBytes > 0 && waitingBytes + sizeBytes > options.maxWaitingBytes)
        return Promise.reject(
          new AppError('INGEST_OVERLOADED', 'too much is waiting for the log; send the same again later', {
            kind: 'transient',
          }),
        );
      waitingBytes += sizeBytes;
      return new Promise((resolve, reject) => {
        queue.push({ submission, sizeBytes, resolve, reject });
        if (running) return;
        running = true;
        loop = run();
      });
    },
    drained: async () => {
      while (running) await loop;
    },
  };
}

/** Takes from the head of the queue: at least one, and more while they fit. */
function takeBatch(queue: Waiting[], maxBytes: number): Waiting[] {
  let bytes = 0;
  let count = 0;
  for (const waiting of queue) {
    if (count > 0 && bytes + waiting.sizeBytes > maxBytes) break;
    bytes += waiting.sizeBytes;
    count++;
  }
  return queue.splice(0, count);
}

/** The totals that change, after adding the counts. */
export function addCounts(
  totals: ReadonlyMap<string, LedgerTotals>,
  writer: string,
  counts: readonly Count[],
): Map<string, LedgerTotals> {
  const next = new Map<string, LedgerTotals>();
  for (const { source, signal, accepted, deadLettered } of counts) {
    const key = `${writer}/${source}/${signal}`;
    const before = (next.get(key) ?? totals.get(key))?.totals ?? zeroTotals;
    const after = { ...before, accepted: before.accepted + accepted, deadLettered: before.deadLettered + deadLettered };
    next.set(key, { writer, source, signal, totals: after });
  }
  return next;
}

const zeroTotals = Object.fromEntries(ledgerFields.map((field) => [field, 0])) as Record<LedgerField, number> as Totals;

function ledgerRecord(totals: LedgerTotals): OutgoingRecord {
  const key = `${totals.writer}/${totals.source}/${totals.signal}`;
  return { topic: 'ledger', key, value: codecs.ledgerTotals.encode(totals) };
}
