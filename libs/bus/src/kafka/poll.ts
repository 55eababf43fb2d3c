import type { TopicName } from '@faultline/model';
import type { LogRecord, PartitionAssignment } from '../port.ts';
import type { PartitionReader } from './partition-reader.ts';

/** Returns what a partition has, or waits for it up to `waitMs`. Nothing once `signal` is aborted. */
export async function pollReader<Topic extends string = TopicName>(
  reader: PartitionReader<Topic>,
  limit: Parameters<PartitionAssignment['poll']>[0],
  signal: AbortSignal,
): Promise<readonly LogRecord<Topic>[]> {
  // A loop that always finds records must yield to the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  const deadline = performance.now() + limit.waitMs;
  for (;;) {
    if (signal.aborted) return [];
    const since = reader.version;
    const found = reader.take(limit);
    const waitMs = deadline - performance.now();
    if (found.length > 0 || waitMs <= 0) return found;
    await reader.wait({ since, waitMs, signal });
  }
}
