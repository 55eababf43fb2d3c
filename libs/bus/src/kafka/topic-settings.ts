/** Decides the settings of each topic in Kafka. Pure. */
import type { TopicName, TopicSpec } from '@faultline/model';

export interface TopicRules {
  readonly replicationFactor: number;
  readonly minInSyncReplicas: number;
  readonly maxRecordBytes: number;
  readonly retentionMs: Partial<Readonly<Record<TopicName, number>>>;
  /** Size limit of one telemetry topic, over all its partitions. */
  readonly telemetryMaxBytes: number;
  /** Settings that replace those decided here, by Kafka's names. */
  readonly overrides: Readonly<Record<string, string>>;
}

const minute = 60_000;
const hour = 60 * minute;
const mib = 1024 * 1024;
/** Room for the overhead of a batch and its records. */
const batchRoomBytes = 64 * 1024;

/** The largest batch that is sent: one record of the largest size, or many small ones. */
export const maxBatchBytes = (maxRecordBytes: number): number => Math.max(maxRecordBytes, mib) + batchRoomBytes;

/** The settings of a topic. */
export function topicSettings(spec: TopicSpec, partitionCount: number, rules: TopicRules): Record<string, string> {
  return {
    'min.insync.replicas': String(rules.minInSyncReplicas),
    'message.timestamp.type': 'LogAppendTime',
    'max.message.bytes': String(maxBatchBytes(rules.maxRecordBytes) + batchRoomBytes),
    // The broker keeps the producer's compression.
    'compression.type': 'producer',
    'unclean.leader.election.enable': 'false',
    ...(spec.compacted ? compacted() : retained(spec, partitionCount, rules)),
    ...rules.overrides,
  };
}

/** Small, young segments, so that compaction leaves nearly one record per key. A restart reads all of them. */
function compacted(): Record<string, string> {
  return {
    'cleanup.policy': 'compact',
    'min.cleanable.dirty.ratio': '0.1',
    'segment.ms': String(10 * minute),
    // Compact even when little is dirty, because a restart reads everything that is left.
    'max.compaction.lag.ms': String(30 * minute),
    'segment.bytes': String(64 * mib),
    // Longer than any reader that compares keys is away.
    'delete.retention.ms': String(24 * hour),
  };
}

function retained(spec: TopicSpec, partitionCount: number, rules: TopicRules): Record<string, string> {
  const retentionMs = rules.retentionMs[spec.name] ?? spec.retentionMs ?? -1;
  const segmentMs = retentionMs < 0 ? 24 * hour : Math.max(minute, Math.min(24 * hour, Math.floor(retentionMs / 6)));
  return {
    'cleanup.policy': 'delete',
    'retention.ms': String(retentionMs),
    'segment.ms': String(segmentMs),
    ...(spec.telemetry ? { 'retention.bytes': String(Math.floor(rules.telemetryMaxBytes / partitionCount)) } : {}),
  };
}
