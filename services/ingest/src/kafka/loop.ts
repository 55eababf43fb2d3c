/** The loop over one partition of a topic: poll messages, make records of them, commit records and position together. */
import type { SourceAssignment, SourceRecord } from '@faultline/bus';
import { AppError } from '@faultline/runtime';
import { createPublisher } from '../publisher.ts';
import type { Receiver } from '../receiver.ts';
import { createCollector } from './collector.ts';
import type { MessageReader } from './reader.ts';

export interface LoopOptions {
  readonly receiver: Pick<Receiver, 'receiveBody'>;
  readonly reader: MessageReader;
  /** Name of the topic's entry in the configuration. */
  readonly name: string;
  readonly tenant: string;
  /** A name for ledger totals that nobody else has or had. */
  readonly writer: string;
  readonly onMessages: (count: number) => void;
}

const mib = 1024 * 1024;
/** Bounds the memory of one batch, and how long its transaction takes. */
const pollLimit = { maxRecords: 500, maxBytes: 2 * mib, waitMs: 1_000 };

/**
 * Returns when the partition is revoked. Rejects with a transient error when the log takes nothing, or when too many bodies
 * wait for their mapping. The next run begins at the committed position.
 */
export async function readPartition(assignment: SourceAssignment, options: LoopOptions): Promise<void> {
  let offset = 0n;
  const publisher = createPublisher({
    bus: { publish: (records) => assignment.commit({ records, offset }) },
    writer: options.writer,
    maxBatchBytes: Number.POSITIVE_INFINITY,
    maxWaitingBytes: Number.POSITIVE_INFINITY,
    lingerMs: 0,
  });
  while (!assignment.signal.aborted) {
    const messages = await assignment.poll(pollLimit);
    const last = messages.at(-1);
    if (last === undefined) continue;
    const submission = await submissionOf(messages, options);
    if (assignment.signal.aborted) return;
    offset = last.offset + 1n;
    if (submission.records.length > 0) await publisher.publish(submission);
    else await assignment.commit({ records: [], offset });
    options.onMessages(messages.length);
  }
}

async function submissionOf(messages: readonly SourceRecord[], options: LoopOptions) {
  const collector = createCollector();
  for (const message of messages) {
    // A message without a value deletes a key of a compacted topic. It holds nothing to read.
    if (message.value === null || message.value.length === 0) continue;
    const { topic, partition, offset, headers, value } = message;
    const { problem, retryAfterMs } = await options.receiver.receiveBody(options.reader, {
      bytes: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
      tenant: options.tenant,
      headers: lowerCase(headers),
      topic,
      origin: `${options.name}: topic ${topic}, partition ${partition}, offset ${offset}`,
      publisher: collector,
    });
    if (problem !== null && retryAfterMs !== null)
      throw new AppError(problem.code, `${topic}/${partition}: ${problem.reason}`, { kind: 'transient' });
  }
  return collector.collected();
}

/** Mappings look headers up by lower-case names. */
function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
