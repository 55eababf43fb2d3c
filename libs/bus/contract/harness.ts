import type { TopicName } from '@faultline/model';
import type { Bus, LogRecord, OutgoingRecord, PartitionAssignment, Subscription } from '../src/port.ts';

/** A log made for one test, empty at first, with at least two partitions of each kind and records of at most `maxRecordBytes`. */
export interface BusUnderTest {
  readonly bus: Bus;
  /** Stops the log and opens it again; gives the new one. */
  restart(): Promise<Bus>;
  /** Compacts and applies retention as if `ms` had passed; resolves when done. */
  maintainAfter(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** What an adapter cannot be asked to do in a test. The empty list runs everything. */
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

/** Records numbered from 0, their keys taken in turn. */
export function numbered(topic: TopicName, keys: readonly string[], count: number): OutgoingRecord[] {
  return Array.from({ length: count }, (_, index) => record(topic, keys[index % keys.length] ?? '', String(index)));
}

/** All records of a topic now, partition by partition. */
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

/** Resolves when the assignment is lost or stopped. */
export function lost(assignment: PartitionAssignment): Promise<void> {
  if (assignment.signal.aborted) return Promise.resolve();
  return new Promise((resolve) => assignment.signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** A loop that hands each batch to `handle` and commits what it was given. */
export function committing(
  handle: (records: readonly LogRecord[], assignment: PartitionAssignment) => void,
): (assignment: PartitionAssignment) => Promise<void> {
  return async (assignment) => {
    while (!assignment.signal.aborted) {
      const records = await assignment.poll(generous);
      if (records.length === 0) continue;
      await commitUnlessLost(assignment, records);
      if (!assignment.signal.aborted) handle(records, assignment);
    }
  };
}

async function commitUnlessLost(assignment: PartitionAssignment, records: readonly LogRecord[]): Promise<void> {
  try {
    await assignment.commit({ records: [], positions: positionsAfter(records) });
  } catch (error) {
    if (!assignment.signal.aborted) throw error;
  }
}

/** Something to wait for until `when` holds; call `check` whenever it may have come to hold. */
export function until(when: () => boolean): { readonly reached: Promise<void>; check(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { reached: promise, check: () => when() && resolve() };
}

/** Consumes a group until so many records were seen, committing; stops the subscription; gives the records in order of arrival. */
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

/** Runs one loop per assignment until `work` on an assignment gives a value; stops the subscription. The other partitions wait. */
export async function onAssignment<Value>(
  bus: Bus,
  { group, topics, partition }: { group: string; topics: readonly TopicName[]; partition: number },
  work: (assignment: PartitionAssignment) => Promise<Value>,
): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const run = async (assignment: PartitionAssignment) => {
    if (assignment.partition === partition) await work(assignment).then(resolve, reject);
    await lost(assignment);
  };
  const subscription: Subscription = bus.subscribe({ group, topics, run });
  try {
    return await promise;
  } finally {
    await subscription.stop();
  }
}
