/** The error codes of the log: what each means and what to do. `npm run generate` writes docs/errors.md from it. */
export const busErrors = {
  BUS_UNAVAILABLE:
    'The log cannot be read or written right now: it is busy, full or closing, or a broker is down. Nothing was written, or the response was lost. Try again.',
  BUS_RECORD_TOO_LARGE: 'A record is larger than bus.maxRecordBytes. Split the record, or raise the limit.',
  BUS_FENCED:
    'The partition was revoked from this consumer, or its subscription has stopped. Nothing was written. The new holder repeats the work.',
  BUS_FOLDER_LOCKED: 'Another process uses this data folder. Stop that process, or set bus.folder to another folder.',
  BUS_DISK_FULL: 'The disk of the data folder is full. Free some space, or set bus.folder to another folder.',
  BUS_NO_PERMISSION:
    'This user may not write to the data folder. Change its owner or permissions, or set bus.folder to another folder.',
  BUS_FOLDER_UNUSABLE: 'The data folder cannot be created, or it is not a folder. Set bus.folder to another folder.',
  BUS_CORRUPT:
    'The main file of the log is damaged, or was not written by Faultline. Restore the folder from a backup, or start with an empty folder. Damaged telemetry files are set aside instead.',
  BUS_PARTITIONS_CHANGED:
    'bus.partitions differs from the log on disk; it cannot be changed after the log is created. Set it back, or start with an empty folder or another bus.kafka.topicPrefix.',
  BUS_NO_CLUSTER:
    'A source topic names no cluster, and the log is not in Kafka either. Set `cluster.brokers` of the topic, or `bus.kind: kafka`.',
  BUS_BAD_SUBSCRIPTION:
    'The topics of a subscription must have the same number of partitions, and every subscription of a group must name the same topics. This is a bug.',
  BUS_BAD_COMMIT: 'A consumer may only commit positions of its own topics and partition. This is a bug.',
  BUS_DENIED:
    'The brokers refuse this user. Check bus.kafka.sasl and bus.kafka.tls, and the permissions on topics, groups and transactional ids that begin with bus.kafka.topicPrefix.',
  BUS_CREDENTIALS: 'A certificate file or password for the brokers is missing. Check bus.kafka.sasl and bus.kafka.tls.',
  BUS_TOPICS_REFUSED:
    'The brokers refuse to create a topic as configured, or an existing topic does not fit. Check bus.kafka.replicationFactor against the number of brokers, and bus.kafka.topicSettings.',
  BUS_LOOP_RETURNED: 'A consumer loop returned although its partition was neither revoked nor stopped. This is a bug.',
  BUS_REGISTRY_UNAVAILABLE:
    'The schema registry does not respond, or its response is not understood. Faultline retries by itself, at start until bus.startDeadlineMs. Check bus.registry.url and the registry.',
  BUS_REGISTRY_DENIED:
    'The schema registry refuses these credentials. Check bus.registry.user and bus.registry.password. The user must be allowed to read and register schemas and to set compatibility.',
  BUS_REGISTRY_REFUSED:
    'The schema registry refuses a schema of this release, because the subject holds an incompatible one. Use another registry, or another context of it.',
} as const;

export type BusErrorCode = keyof typeof busErrors;
