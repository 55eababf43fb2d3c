import type { TopicName } from '@faultline/model';
import type { Clock, Logger } from '@faultline/runtime';
import type { PartitionCounts } from '../topic-layout.ts';
import type { GroupsOptions } from './groups.ts';
import type { MaintenanceSettings } from './maintenance.ts';

export interface EmbeddedBusOptions {
  /** A folder of its own for the log, or `:memory:`. */
  readonly folder: string;
  /** Fixed when the folder is made. */
  readonly partitions: PartitionCounts;
  readonly maxRecordBytes: number;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly retentionMs?: Partial<Readonly<Record<TopicName, number>>>;
  readonly telemetryMaxBytes?: number;
  readonly tuning?: Partial<EmbeddedTuning>;
}

/** What nobody needs to set but tests. */
export interface EmbeddedTuning extends Omit<MaintenanceSettings, 'retentionMs' | 'telemetryMaxBytes'> {
  readonly segmentMs: number;
  readonly segmentMaxBytes: number;
  /** Records waiting to be written hold at most this much memory, for telemetry and for the rest each. */
  readonly maxWaitingBytes: number;
  readonly groups: Omit<GroupsOptions, 'log' | 'logger'>;
}

const mib = 1024 * 1024;
const minute = 60_000;
/** Of one topic. */
export const defaultTelemetryMaxBytes = 8 * 1024 * mib;

/** Each number's reason is in docs/adr/0005-embedded-log.md. */
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
