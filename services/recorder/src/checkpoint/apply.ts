/**
 * Turns the records of one checkpoint batch into rows. The result depends only on the state, the checkpoint and the
 * records, so a restart produces the same rows.
 */
import { codecs, type TelemetryTopic } from '@faultline/model';
import { type Batch, createWindowAggregate, type WindowAggregate } from '@faultline/store';
import { type Aggregate, createAggregate } from '../join/aggregate.ts';
import type { Checkpoint, LateOverride } from '../progress.ts';
import { logRows } from '../raw/logs.ts';
import { metricRows } from '../raw/metrics.ts';
import { traceRows } from '../raw/traces.ts';
import { createUsageAggregate, type UsageAggregate } from '../usage/aggregate.ts';
import { createRowBuffer, type RowBuffer } from './batches.ts';
import { type TenantDeadLetter, unreadableDeadLetter } from './dead-letter.ts';
import { recordHead, type TelemetryRecord } from './record-head.ts';
import { type PartitionState, retentionOffsetOf, telemetryTopics } from './state.ts';

export interface CheckpointResult {
  readonly batches: readonly Batch[];
  readonly deadLetters: readonly TenantDeadLetter[];
}

/** The work on one checkpoint batch. */
interface CheckpointWork {
  readonly state: PartitionState;
  readonly rows: RowBuffer;
  /** Sums of the items themselves. */
  readonly windows: WindowAggregate;
  /** Sums of traces that settled. */
  readonly out: Aggregate;
  readonly usage: UsageAggregate;
  readonly watermarkBeforeMs: number;
  readonly deadLetters: TenantDeadLetter[];
}

/**
 * Applies a checkpoint batch: moves the state past it and returns its rows. `records` are all records from the state's
 * positions to the ends of the checkpoint.
 */
export function applyCheckpoint(
  state: PartitionState,
  checkpoint: Checkpoint,
  records: readonly TelemetryRecord[],
): CheckpointResult {
  const before = { ...state.positions };
  const watermarkBeforeMs = state.join.marks().watermarkMs;
  const work: CheckpointWork = {
    state,
    rows: createRowBuffer(),
    windows: createWindowAggregate(),
    out: createAggregate(),
    usage: createUsageAggregate(),
    watermarkBeforeMs,
    deadLetters: [],
  };
  for (const record of records) applyRecord(work, record);
  state.join.advance(checkpoint.watermarkMs, work.out);
  state.mesh.advance(checkpoint.watermarkMs);
  state.usage.advance(checkpoint.watermarkMs);
  if (checkpoint.barrier) state.join.closeAll(work.out);
  for (const { topic, offset } of checkpoint.ends) state.positions[topic] = offset;
  state.lateOverrides = nextLateOverrides(work, before, records);
  addDerivedRows(work);
  return { batches: work.rows.batches(tokens(state, checkpoint, before)), deadLetters: work.deadLetters };
}

/** Decodes first: a record that cannot be decoded changes nothing but the count of dead letters. */
function applyRecord(work: CheckpointWork, record: TelemetryRecord): void {
  const { source, items, request } = recordHead(record);
  const { requests, ledger } = work.state;
  if (requests.isRepeat(record, request)) {
    ledger.add(source, record.topic, 'duplicates', items);
    return;
  }
  const failure = failureOf(() => addRecord(work, record));
  ledger.add(source, record.topic, failure === null ? 'recorded' : 'deadLettered', items);
  if (failure !== null) work.deadLetters.push(unreadableDeadLetter(record, work.state.partition, failure));
}

/**
 * Runs `add` and returns why it failed. A record on which our own code throws becomes a dead letter, so that it cannot
 * block the partition for ever.
 */
export function failureOf(add: () => string | null): string | null {
  try {
    return add();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Null when the record was added, otherwise the reason. Everything that may throw comes before the first change. */
function addRecord(
  { state, rows, windows, out, usage, watermarkBeforeMs }: CheckpointWork,
  record: TelemetryRecord,
): string | null {
  const { value } = record;
  if (value === null) return reasonOfMissing(record);
  const atMs = Math.max(record.timestampMs, watermarkBeforeMs);
  switch (record.topic) {
    case 'spans': {
      const block = codecs.spanBlock.decode(value);
      if (!block.ok) return block.reason;
      const raw = traceRows(block.value);
      state.join.addSpans({ topic: 'spans', offset: record.offset, atMs }, block.value);
      rows.add('otel_traces', raw);
      windows.spans(raw);
      return null;
    }
    case 'logs': {
      const block = codecs.logBlock.decode(value);
      if (!block.ok) return block.reason;
      const raw = logRows(block.value);
      state.join.addLogs({ topic: 'logs', offset: record.offset, atMs }, block.value, out);
      rows.add('otel_logs', raw);
      windows.logs(raw);
      return null;
    }
    case 'metrics': {
      const block = codecs.metricBlock.decode(value);
      if (!block.ok) return block.reason;
      const points = metricRows(block.value);
      state.mesh.add({ offset: record.offset, atMs }, block.value, out);
      state.usage.add({ offset: record.offset, atMs }, block.value, usage);
      rows.add('otel_metrics_gauge', points.otel_metrics_gauge);
      rows.add('otel_metrics_sum', points.otel_metrics_sum);
      rows.add('otel_metrics_histogram', points.otel_metrics_histogram);
      rows.add('otel_metrics_exponential_histogram', points.otel_metrics_exponential_histogram);
      rows.add('otel_metrics_summary', points.otel_metrics_summary);
      for (const all of Object.values(points)) windows.points(all);
      return null;
    }
  }
}

/** The log puts a record without a value behind a damaged file, so that the loss is accounted for. */
function reasonOfMissing({ headers }: TelemetryRecord): string {
  const file = headers['lost-segment'];
  return file === undefined
    ? 'the record has no value'
    : `the log lost the records before this one: ${file} is damaged`;
}

function addDerivedRows({ rows, windows, out, usage }: CheckpointWork): void {
  const derived = out.rows();
  const summed = windows.rows();
  rows.add('operation_windows', summed.operation_windows);
  rows.add('operation_windows', derived.selfTimes);
  rows.add('edge_windows', derived.edges);
  rows.add('template_windows', derived.templates);
  rows.add('child_windows', derived.children);
  rows.add('metric_windows', summed.metric_windows);
  rows.add('presence', summed.presence);
  rows.add('container_usage', usage.rows());
}

/**
 * Adds an override for each topic with records behind the watermark. Drops overrides whose records will not be read
 * again.
 */
function nextLateOverrides(
  { state, watermarkBeforeMs }: CheckpointWork,
  before: Readonly<Record<TelemetryTopic, bigint>>,
  records: readonly TelemetryRecord[],
): readonly LateOverride[] {
  const late = new Set(records.filter((record) => record.timestampMs < watermarkBeforeMs).map(({ topic }) => topic));
  const added = [...late].map((topic) => ({
    topic,
    from: before[topic],
    to: state.positions[topic],
    toMs: watermarkBeforeMs,
  }));
  return [...state.lateOverrides, ...added].filter(({ topic, to }) => to > retentionOffsetOf(state, topic));
}

const rawTopics: ReadonlyMap<string, TelemetryTopic> = new Map([
  ['otel_traces', 'spans'],
  ['otel_logs', 'logs'],
]);

/**
 * Insert tokens. Raw rows are named by the offset range of their own topic. Derived rows depend on all topics and on
 * the watermark: two checkpoints without records between them differ only in the watermark.
 */
function tokens(state: PartitionState, checkpoint: Checkpoint, before: Readonly<Record<TelemetryTopic, bigint>>) {
  const range = (topic: TelemetryTopic) =>
    `${topic}/${state.partition}/${before[topic]}-${state.positions[topic] - 1n}`;
  const moved = telemetryTopics.filter((topic) => state.positions[topic] > before[topic]);
  // Empty ranges still hold the positions, which distinguish idle checkpoints at different positions.
  const whole = `${(moved.length > 0 ? moved : telemetryTopics).map(range).join(',')}@${checkpoint.watermarkMs}${checkpoint.barrier ? '!' : ''}`;
  return (table: string) => {
    const topic = rawTopics.get(table) ?? (table.startsWith('otel_metrics') ? 'metrics' : undefined);
    return `${topic === undefined ? whole : range(topic)}/${table}`;
  };
}
