import type { TopicName } from '@faultline/model';
import type { Clock, Health, Logger } from '@faultline/runtime';
import type { PartitionCounts } from '../topic-layout.ts';
import type { GroupsOptions } from './groups.ts';
import type { MaintenanceSettings } from './maintenance.ts';

export interface EmbeddedBusOptions {
  /** A folder of its own for the log, or `:memory:`. */
  readonly folder: string;
  /** Cannot change after the folder is created. */
  readonly partitions: PartitionCounts;
  readonly maxRecordBytes: number;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Reports damaged files as part `bus`. Default: only log lines. */
  readonly health?: Health;
  readonly retentionMs?: Partial<Readonly<Record<TopicName, number>>>;
  readonly telemetryMaxBytes?: number;
  readonly tuning?: Partial<EmbeddedTuning>;
}

/** Settings that only tests change. */
export interface EmbeddedTuning extends Omit<MaintenanceSettings, 'retentionMs' | 'telemetryMaxBytes'> {
  readonly segmentMs: number;
  readonly segmentMaxBytes: number;
  /** Memory limit for records that wait to be written; for telemetry and for the rest separately. */
  readonly maxWaitingBytes: number;
  readonly groups: Omit<GroupsOptions, 'log' | 'logger'>;
}

const mib = 1024 * 1024;
const minute = 60_000;
/** Per topic. */
export const defaultTelemetryMaxBytes = 8 * 1024 * mib;

/** docs/adr/0005-embedded-log.md and docs/measurements.md give the reason for each number. */
export const defaultTuning: EmbeddedTuning = {
  intervalMs: 30_000,
  compactionLagMs: minute,
  tombstoneMs: 60 * minute,
  telemetryMinRetentionMs: 2 * minute,
  segmentMs: 10 * minute,
  segmentMaxBytes: 256 * mib,
  maxWaitingBytes: 64 * mib,
  groups: { backoff: { baseMs: 1_000, maxMs: 30_000 }, maxPermanentFailures: 5, handoverMs: 5_000 },
};
