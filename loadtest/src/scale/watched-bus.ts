import type { Bus, PartitionAssignment } from '@faultline/bus';
import { sleep } from '@faultline/runtime';

/** A log as it is, and a way to know that the loops over it have nothing to do. */
export interface WatchedBus {
  readonly bus: Bus;
  /** Resolves when every lane has polled in vain several times, without a commit between. */
  quiet(): Promise<void>;
}

/** What is asked outside a loop answers within a poll or two. */
const vainPolls = 4;

/** Watches the lanes of those who subscribe through it. */
export function watchBus(bus: Bus): WatchedBus {
  const vain = new Map<PartitionAssignment, number>();
  const watched = (lane: PartitionAssignment): PartitionAssignment => ({
    partition: lane.partition,
    signal: lane.signal,
    committed: (topic) => lane.committed(topic),
    commit: async (commit) => {
      await lane.commit(commit);
      vain.set(lane, 0);
    },
    poll: async (limit) => {
      const records = await lane.poll(limit);
      vain.set(lane, records.length > 0 ? 0 : (vain.get(lane) ?? 0) + 1);
      return records;
    },
  });
  return {
    bus: {
      publish: (records) => bus.publish(records),
      subscribe: (options) => bus.subscribe({ ...options, run: (lane) => options.run(watched(lane)) }),
      read: (options) => bus.read(options),
      follow: (topic, signal) => bus.follow(topic, signal),
      offsets: (topic) => bus.offsets(topic),
      committed: (group, topic) => bus.committed(group, topic),
      partitionCount: (topic) => bus.partitionCount(topic),
      partitionOf: (topic, key) => bus.partitionOf(topic, key),
      maxRecordBytes: bus.maxRecordBytes,
      ping: () => bus.ping(),
    },
    quiet: async () => {
      for (const lane of vain.keys()) vain.set(lane, 0);
      while ([...vain.values()].some((count) => count < vainPolls)) await sleep(1);
    },
  };
}
