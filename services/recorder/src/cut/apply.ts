/** One cut: from records to rows. A function of the state, the cut and its records, so that a restart makes the same rows again. */
import { codecs, type Lift, type RecorderCut, type TelemetryTopic } from '@faultline/model';
import type { Batch } from '@faultline/store';
import { type Aggregate, createAggregate } from '../join/aggregate.ts';
import { logRows } from '../raw/logs.ts';
import { metricRows } from '../raw/metrics.ts';
import { traceRows } from '../raw/traces.ts';
import { createRowBuffer, type RowBuffer } from './batches.ts';
import { type Letter, unreadableLetter } from './dead-letter.ts';
import { recordHead, type TelemetryRecord } from './record-head.ts';
import { keepOf, type LaneState, telemetryTopics } from './state.ts';

export interface CutResult {
  readonly batches: readonly Batch[];
  readonly deadLetters: readonly Letter[];
}

/** What one cut is being made of. */
interface CutWork {
  readonly state: LaneState;
  readonly rows: RowBuffer;
  readonly out: Aggregate;
  readonly watermarkBeforeMs: number;
  readonly deadLetters: Letter[];
}

/**
 * Records the cut: moves the state past it and gives its rows. `records` are all records from the state's positions to the cut's ends.
 */
export function applyCut(state: LaneState, cut: RecorderCut, records: readonly TelemetryRecord[]): CutResult {
  const before = { ...state.positions };
  const watermarkBeforeMs = state.join.marks().watermarkMs;
  const work: CutWork = { state, rows: createRowBuffer(), out: createAggregate(), watermarkBeforeMs, deadLetters: [] };
  for (const record of records) applyRecord(work, record);
  state.join.advance(cut.watermarkMs, work.out);
  state.mesh.advance(cut.watermarkMs);
  if (cut.barrier) state.join.closeAll(work.out);
  for (const { topic, offset } of cut.ends) state.positions[topic] = offset;
  state.lifts = nextLifts(work, before, records);
  addDerivedRows(work);
  return { batches: work.rows.batches(tokens(state, cut, before)), deadLetters: work.deadLetters };
}

/** Reading comes first: a record that cannot be read changes nothing but the count of dead letters. */
function applyRecord(work: CutWork, record: TelemetryRecord): void {
  const { source, items, request } = recordHead(record);
  const { requests, ledger } = work.state;
  if (requests.isRepeat(record, request)) {
    ledger.add(source, record.topic, 'duplicates', items);
    return;
  }
  const failure = failureOf(() => takeRecord(work, record));
  ledger.add(source, record.topic, failure === null ? 'recorded' : 'deadLettered', items);
  if (failure !== null) work.deadLetters.push(unreadableLetter(record, work.state.partition, failure));
}

/** A record that our own code cannot bear must not stop the lane for ever: it is a dead letter like any other. */
export function failureOf(take: () => string | null): string | null {
  try {
    return take();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Null when taken, else why not. Whatever may throw comes before the first change. */
function takeRecord({ state, rows, out, watermarkBeforeMs }: CutWork, record: TelemetryRecord): string | null {
  const value = record.value ?? new Uint8Array();
  const atMs = Math.max(record.timestampMs, watermarkBeforeMs);
  switch (record.topic) {
    case 'spans': {
      const block = codecs.spanBlock.decode(value);
      if (!block.ok) return block.reason;
      const raw = traceRows(block.value);
      state.join.addSpans({ topic: 'spans', offset: record.offset, atMs }, block.value);
      rows.add('otel_traces', raw);
      return null;
    }
    case 'logs': {
      const block = codecs.logBlock.decode(value);
      if (!block.ok) return block.reason;
      const raw = logRows(block.value);
      state.join.addLogs({ topic: 'logs', offset: record.offset, atMs }, block.value, out);
      rows.add('otel_logs', raw);
      return null;
    }
    case 'metrics': {
      const block = codecs.metricBlock.decode(value);
      if (!block.ok) return block.reason;
      const points = metricRows(block.value);
      state.mesh.add({ offset: record.offset, atMs }, block.value, out);
      rows.add('otel_metrics_gauge', points.otel_metrics_gauge);
      rows.add('otel_metrics_sum', points.otel_metrics_sum);
      rows.add('otel_metrics_histogram', points.otel_metrics_histogram);
      rows.add('otel_metrics_exponential_histogram', points.otel_metrics_exponential_histogram);
      rows.add('otel_metrics_summary', points.otel_metrics_summary);
      return null;
    }
  }
}

function addDerivedRows({ rows, out }: CutWork): void {
  const derived = out.rows();
  rows.add('operation_windows', derived.selfTimes);
  rows.add('edge_windows', derived.edges);
  rows.add('template_windows', derived.templates);
  rows.add('child_windows', derived.children);
}

/** Lifts of this cut's topics that had records behind the watermark, and earlier ones as long as their records may be read again. */
function nextLifts(
  { state, watermarkBeforeMs }: CutWork,
  before: Readonly<Record<TelemetryTopic, bigint>>,
  records: readonly TelemetryRecord[],
): readonly Lift[] {
  const late = new Set(records.filter((record) => record.timestampMs < watermarkBeforeMs).map(({ topic }) => topic));
  const added = [...late].map((topic) => ({
    topic,
    from: before[topic],
    to: state.positions[topic],
    toMs: watermarkBeforeMs,
  }));
  return [...state.lifts, ...added].filter(({ topic, to }) => to > keepOf(state, topic));
}

const rawTopics: ReadonlyMap<string, TelemetryTopic> = new Map([
  ['otel_traces', 'spans'],
  ['otel_logs', 'logs'],
]);

/**
 * Raw rows are named by their own topic's range. Derived rows come from all topics and from the clock: two cuts without a record between
 * them differ in their watermark alone.
 */
function tokens(state: LaneState, cut: RecorderCut, before: Readonly<Record<TelemetryTopic, bigint>>) {
  const range = (topic: TelemetryTopic) =>
    `${topic}/${state.partition}/${before[topic]}-${state.positions[topic] - 1n}`;
  const moved = telemetryTopics.filter((topic) => state.positions[topic] > before[topic]);
  // Empty ranges tell nothing: but where the lane stands tells idle cuts of different stretches apart.
  const whole = `${(moved.length > 0 ? moved : telemetryTopics).map(range).join(',')}@${cut.watermarkMs}${cut.barrier ? '!' : ''}`;
  return (table: string) => {
    const topic = rawTopics.get(table) ?? (table.startsWith('otel_metrics') ? 'metrics' : undefined);
    return `${topic === undefined ? whole : range(topic)}/${table}`;
  };
}
