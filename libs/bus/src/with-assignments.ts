import type { Bus, PartitionAssignment } from './port.ts';

/** Returns the same log for consumers whose assignments are wrapped, to watch them or to refuse what they do. Everything else passes through. */
export function withAssignments(
  bus: Bus,
  wrap: (assignment: PartitionAssignment) => Partial<PartitionAssignment>,
): Bus {
  const wrapped = (assignment: PartitionAssignment) => ({ ...passedThrough(assignment), ...wrap(assignment) });
  const openSourceTopic = bus.openSourceTopic?.bind(bus);
  return {
    ...(openSourceTopic === undefined ? {} : { openSourceTopic }),
    publish: (records) => bus.publish(records),
    subscribe: (options) => bus.subscribe({ ...options, run: (assignment) => options.run(wrapped(assignment)) }),
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

/** Adapters may keep their methods on a prototype, which a spread would lose. */
function passedThrough(assignment: PartitionAssignment): PartitionAssignment {
  return {
    partition: assignment.partition,
    signal: assignment.signal,
    poll: (limit) => assignment.poll(limit),
    committed: (topic) => assignment.committed(topic),
    commit: (commit) => assignment.commit(commit),
  };
}
