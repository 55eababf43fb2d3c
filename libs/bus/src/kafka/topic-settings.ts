/** How each topic of the one table is kept by Kafka. Pure. */
import type { TopicName, TopicSpec } from '@faultline/model';

export interface TopicRules {
  readonly replicationFactor: number;
  readonly minInSyncReplicas: number;
  readonly maxRecordBytes: number;
  readonly retentionMs: Partial<Readonly<Record<TopicName, number>>>;
  /** Most bytes kept of one telemetry topic, over all its partitions. */
  readonly telemetryMaxBytes: number;
  /** Settings that take the place of those made here, by Kafka's names. */
  readonly overrides: Readonly<Record<string, string>>;
}

const minute = 60_000;
const hour = 60 * minute;
const mib = 1024 * 1024;
/** Room for what a batch and its records cost beside keys, values and headers. */
const batchRoomBytes = 64 * 1024;

/** The largest batch that is sent: one record of the largest kind, or many small ones. */
export const maxBatchBytes = (maxRecordBytes: number): number => Math.max(maxRecordBytes, mib) + batchRoomBytes;

/** Kafka's settings of a topic. */
export function topicSettings(spec: TopicSpec, partitionCount: number, rules: TopicRules): Record<string, string> {
  return {
    'min.insync.replicas': String(rules.minInSyncReplicas),
    'message.timestamp.type': 'LogAppendTime',
    'max.message.bytes': String(maxBatchBytes(rules.maxRecordBytes) + batchRoomBytes),
    // What producers chose stays: the broker packs nothing anew.
    'compression.type': 'producer',
    'unclean.leader.election.enable': 'false',
    ...(spec.compacted ? compacted() : kept(spec, partitionCount, rules)),
    ...rules.overrides,
  };
}

/** Small, young segments, so that what a restart reads back is near to one record for each key. */
function compacted(): Record<string, string> {
  return {
    'cleanup.policy': 'compact',
    'min.cleanable.dirty.ratio': '0.1',
    'segment.ms': String(10 * minute),
    // However little is dirty: a start reads what is left, so it must not wait for a ratio to be reached.
    'max.compaction.lag.ms': String(30 * minute),
    'segment.bytes': String(64 * mib),
    // Longer than any reader is away that still compares with what it has seen.
    'delete.retention.ms': String(24 * hour),
  };
}

function kept(spec: TopicSpec, partitionCount: number, rules: TopicRules): Record<string, string> {
  const retentionMs = rules.retentionMs[spec.name] ?? spec.retentionMs ?? -1;
  const segmentMs = retentionMs < 0 ? 24 * hour : Math.max(minute, Math.min(24 * hour, Math.floor(retentionMs / 6)));
  return {
    'cleanup.policy': 'delete',
    'retention.ms': String(retentionMs),
    'segment.ms': String(segmentMs),
    ...(spec.telemetry ? { 'retention.bytes': String(Math.floor(rules.telemetryMaxBytes / partitionCount)) } : {}),
  };
}
