/**
 * Real servers for tests and fault runs: Kafka, a schema registry and ClickHouse. They are fetched once and run as
 * child processes on free loopback ports. Not for production; nothing that ships imports this.
 */

export { checkConfigOf } from './check-config.ts';
export { type ClickHouse, type ClickHouseOptions, startClickHouse } from './clickhouse.ts';
export type { ClickHouseUser, ClusterPlace } from './clickhouse-settings.ts';
export { ServerError } from './errors.ts';
export { type Broker, type Kafka, type KafkaOptions, startKafka } from './kafka.ts';
export { freePorts } from './ports.ts';
export { type Sender, startAlertmanager, startPrometheus } from './prometheus.ts';
export { type Registry, startRegistry } from './registry.ts';
export { sendRemoteWrite2, type WriteCounts, type WriteReport } from './remote-write.ts';
