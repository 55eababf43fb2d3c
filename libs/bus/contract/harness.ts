import type { TopicName } from '@faultline/model';
import type { Bus, LogRecord, OutgoingRecord, PartitionAssignment, Subscription } from '../src/port.ts';

/**
 * A log created for one test: empty at first, with at least two partitions of each kind and records of at most
 * `maxRecordBytes`.
 */
export interface BusUnderTest {
  readonly bus: Bus;
  /** Stops the log and opens it again. Returns the new one. */
  restart(): Promise<Bus>;
  /** Compacts and applies retention as if `ms` had passed. */
  maintainAfter(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** A capability that an adapter cannot show in a test. An empty list runs every test. */
export type Capability = 'restart' | 'maintenance';

/** Runs one test over a log of its own. */
export type WithBus = (work: (tested: BusUnderTest) => Promise<void>) => () => Promise<void>;

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = ({ value }: LogRecord): string | null =>
  value === null ? null : new TextDecoder().decode(value);

/** A small record. */
export const record = (topic: TopicName, key: string, text: string): OutgoingRecord => ({
  topic,
  key,
  value: bytes(text),
});

/** Records numbered from 0, with the keys in turn. */
export function numbered(topic: TopicName, keys: readonly string[], count: number): OutgoingRecord[] {
  return Array.from({ length: count }, (_, index) => record(topic, keys[index % keys.length] ?? '', String(index)));
}

/** Reads all records of a topic, partition by partition. */
export async function readAll(bus: Bus, topic: TopicName): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for (let partition = 0; partition < bus.partitionCount(topic); partition += 1)
    for await (const found of bus.read({ topic, partition, from: 0n })) records.push(found);
  return records;
}

/** The positions after these records. */
export function positionsAfter(
  records: readonly LogRecord[],
): { topic: TopicName; partition: number; offset: bigint }[] {
  const last = new Map(records.map((found) => [`${found.topic}/${found.partition}`, found]));
  return [...last.values()].map(({ topic, partition, offset }) => ({ topic, partition, offset: offset + 1n }));
}

export const generous = { maxRecords: 1_000, maxBytes: 1_000_000, waitMs: 20_000 };

/** Resolves when the partition is revoked or the subscription stops. */
export function untilRevoked(assignment: PartitionAssignment): Promise<void> {
  if (assignment.signal.aborted) return Promise.resolve();
  return new Promise((resolve) => assignment.signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** A loop that commits each batch and then passes it to `handle`. */
export function committing(
  handle: (records: readonly LogRecord[], assignment: PartitionAssignment) => void,
): (assignment: PartitionAssignment) => Promise<void> {
  return async (assignment) => {
    while (!assignment.signal.aborted) {
      const records = await assignment.poll(generous);
      if (records.length === 0) continue;
      await commitUnlessRevoked(assignment, records);
      if (!assignment.signal.aborted) handle(records, assignment);
    }
  };
}

async function commitUnlessRevoked(assignment: PartitionAssignment, records: readonly LogRecord[]): Promise<void> {
  try {
    await assignment.commit({ records: [], positions: positionsAfter(records) });
  } catch (error) {
    if (!assignment.signal.aborted) throw error;
  }
}

/** A condition to wait for. Call `check` whenever it may have become true. */
export function until(when: () => boolean): { readonly reached: Promise<void>; check(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { reached: promise, check: () => when() && resolve() };
}

/**
 * Consumes a group until so many records were read, committing each batch. Stops the subscription and returns the
 * records in order of arrival.
 */
export async function consume(
  bus: Bus,
  { group, topics, count }: { group: string; topics: readonly TopicName[]; count: number },
): Promise<LogRecord[]> {
  const seen: LogRecord[] = [];
  const enough = until(() => seen.length >= count);
  const run = committing((records) => {
    seen.push(...records);
    enough.check();
  });
  const subscription = bus.subscribe({ group, topics, run });
  await Promise.race([enough.reached, subscription.done]);
  await subscription.stop();
  return seen;
}

/**
 * Runs one loop per partition until `work` on the given partition resolves, then stops the subscription. The other
 * loops wait.
 */
export async function onAssignment<Value>(
  bus: Bus,
  { group, topics, partition }: { group: string; topics: readonly TopicName[]; partition: number },
  work: (assignment: PartitionAssignment) => Promise<Value>,
): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const run = async (assignment: PartitionAssignment) => {
    if (assignment.partition === partition) await work(assignment).then(resolve, reject);
    await untilRevoked(assignment);
  };
  const subscription: Subscription = bus.subscribe({ group, topics, run });
  try {
    return await promise;
  } finally {
    await subscription.stop();
  }
}
