import { topicSpec, topics } from '@faultline/model';
import { expect, test } from 'vitest';
import { maxBatchBytes, type TopicRules, topicSettings } from './topic-settings.ts';

const rules: TopicRules = {
  replicationFactor: 3,
  minInSyncReplicas: 2,
  maxRecordBytes: 1_000_000,
  retentionMs: {},
  telemetryMaxBytes: 8_000_000,
  overrides: {},
};

test('every topic of the table has settings: safe on two copies, times given by the broker, room for the largest batch', () => {
  for (const spec of topics) {
    const settings = topicSettings(spec, 4, rules);
    expect(settings).toMatchObject({
      'min.insync.replicas': '2',
      'message.timestamp.type': 'LogAppendTime',
      'unclean.leader.election.enable': 'false',
      'cleanup.policy': spec.compacted ? 'compact' : 'delete',
    });
    expect(Number(settings['max.message.bytes'])).toBeGreaterThan(maxBatchBytes(rules.maxRecordBytes));
  }
});

test('compacted topics are kept for ever; others by time, telemetry by size as well, shared by its partitions', () => {
  expect(topicSettings(topicSpec('state'), 4, rules)['retention.ms']).toBeUndefined();
  expect(topicSettings(topicSpec('alerts'), 4, rules)['retention.bytes']).toBeUndefined();
  const spans = topicSettings(topicSpec('spans'), 4, rules);
  expect(spans['retention.ms']).toBe(String(6 * 3_600_000));
  expect(spans['retention.bytes']).toBe('2000000');
  expect(Number(spans['segment.ms'])).toBeLessThan(Number(spans['retention.ms']));
});

test('retention of the configuration and settings of Kafka itself come first', () => {
  const changed = { ...rules, retentionMs: { alerts: 60_000 }, overrides: { 'segment.bytes': '1048576' } };
  const settings = topicSettings(topicSpec('alerts'), 4, changed);
  expect(settings['retention.ms']).toBe('60000');
  expect(settings['segment.bytes']).toBe('1048576');
});
