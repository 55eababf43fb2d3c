/**
 * The log that connects the services: the port and its adapters. Start at `port.ts`. The log carries bytes and does not
 * interpret them. It decides only which partition a record goes to and which consumer reads a partition.
 */
export { busConfig } from './config.ts';
export { createBus } from './create.ts';
export { createEmbeddedBus, type EmbeddedBus } from './embedded/index.ts';
export { busErrors } from './errors.ts';
export { type KafkaClusterConfig, kafkaClusterConfig } from './kafka/config.ts';
export { checkClusterCredentials } from './kafka/settings.ts';
export { openSourceTopic, type SourceClusterOptions } from './open-source-topic.ts';
export type * from './port.ts';
export type * from './source-topic.ts';
export { withAssignments } from './with-assignments.ts';
