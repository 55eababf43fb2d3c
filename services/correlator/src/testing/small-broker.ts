import type { Bus, Commit, PartitionAssignment } from '@faultline/bus';
import { AppError } from '@faultline/runtime';

/** A log whose broker refuses commits that `accepts` refuses, although every record is within `maxRecordBytes`. */
export function smallBroker(bus: Bus, accepts: (commit: Commit) => boolean): Bus {
  const refusing = (assignment: PartitionAssignment): PartitionAssignment => ({
    partition: assignment.partition,
    signal: assignment.signal,
    poll: (limit) => assignment.poll(limit),
    committed: (topic) => assignment.committed(topic),
    commit: async (commit) => {
      if (accepts(commit)) return assignment.commit(commit);
      throw new AppError('BUS_RECORD_TOO_LARGE', 'the broker takes less', { kind: 'permanent' });
    },
  });
  return {
    publish: (records) => bus.publish(records),
    subscribe: (options) => bus.subscribe({ ...options, run: (assignment) => options.run(refusing(assignment)) }),
    read: (options) => bus.read(options),
    follow: (topic, signal) => bus.follow(topic, signal),
    offsets: (topic) => bus.offsets(topic),
    committed: (group, topic) => bus.committed(group, topic),
    partitionCount: (topic) => bus.partitionCount(topic),
    partitionOf: (topic, key) => bus.partitionOf(topic, key),
    maxRecordBytes: bus.maxRecordBytes,
    ping: () => bus.ping(),
  };
}
