/**
 * The records that flow through Faultline, their identity and their wire format. Imports avsc only: no I/O, no clock. It decides nothing.
 */
export * from './alert.ts';
export * from './alert-kind.ts';
export * from './cause-words.ts';
export * from './change.ts';
export * from './codec.ts';
export * from './command.ts';
export * from './conventions.ts';
export * from './entity.ts';
export * from './entity-resolution.ts';
export * from './entity-rules.ts';
export * from './environment.ts';
export * from './evidence.ts';
export * from './exporter-rules.ts';
export * from './hash.ts';
export * from './histogram.ts';
export * from './incident.ts';
export * from './journal.ts';
export * from './journal-cut.ts';
export * from './journal-file.ts';
export * from './journal-record.ts';
export * from './journal-upgrade.ts';
export * from './label-reader.ts';
export * from './log-template.ts';
export * from './names.ts';
export * from './operations.ts';
export * from './progress.ts';
export * from './schema-catalogue.ts';
export * from './scope.ts';
export * from './span-outcome.ts';
export * from './span-peer.ts';
export * from './telemetry.ts';
export * from './topics.ts';
export * from './workload-name.ts';
