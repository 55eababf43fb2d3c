/** What can go wrong with the log, by code: what it means and what to do. docs/errors.md is made from this. */
export const busErrors = {
  BUS_UNAVAILABLE:
    'The log cannot take or give records just now (busy, full, closing, or a broker is away). Nothing was written, or the answer was lost; try again.',
  BUS_RECORD_TOO_LARGE: 'A record is over bus.maxRecordBytes. Split it, or raise the limit.',
  BUS_FENCED:
    'The assignment is no longer held by this loop, or its subscription has stopped. Nothing was written; its new holder does the work.',
  BUS_FOLDER_LOCKED: 'Another process uses this data folder. Stop it, or name another folder in bus.folder.',
  BUS_DISK_FULL: 'The disk of the data folder is full. Free some space, or name another folder in bus.folder.',
  BUS_NO_PERMISSION:
    'This user may not write the data folder. Change its owner or rights, or name another folder in bus.folder.',
  BUS_FOLDER_UNUSABLE: 'The data folder cannot be made or is not a folder. Name another one in bus.folder.',
  BUS_CORRUPT:
    'A file of the log is damaged or is not one of ours. Restore the folder from a copy, or start with an empty one.',
  BUS_PARTITIONS_CHANGED:
    'Partition counts are fixed when the log is made. Set bus.partitions back, or start with an empty folder or another bus.kafka.topicPrefix.',
  BUS_BAD_SUBSCRIPTION:
    'The topics of one subscription must have equally many partitions, and a group reads a topic in one way only.',
  BUS_BAD_COMMIT: 'An assignment may only commit positions of its own topics and partition. This is a bug.',
  BUS_DENIED:
    'The brokers refuse this user. Check bus.kafka.sasl and bus.kafka.tls, and the rights on topics, groups and transactional ids with the prefix.',
  BUS_CREDENTIALS: 'A file or password for the brokers is missing. Check bus.kafka.sasl and bus.kafka.tls.',
  BUS_TOPICS_REFUSED:
    'The brokers will not make a topic as configured. Check bus.kafka.replicationFactor against the number of brokers, and bus.kafka.topicSettings.',
  BUS_LOOP_RETURNED:
    'The loop of an assignment returned although the assignment was neither lost nor stopped. This is a bug.',
  BUS_REGISTRY_UNAVAILABLE:
    'The schema registry does not answer, or not as one. Tried again by itself; at start, look at bus.registry.url and at the registry.',
  BUS_REGISTRY_DENIED:
    'The schema registry refuses these credentials. Look at bus.registry.user and password; they need to read, register and set compatibility.',
  BUS_REGISTRY_REFUSED:
    'The schema registry refuses a schema of this release: the subject holds one that it is not compatible with. Use a registry, or a context, of its own.',
} as const;

export type BusErrorCode = keyof typeof busErrors;
