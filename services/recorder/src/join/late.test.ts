import { expect, it } from 'vitest';
import { applyCheckpoint } from '../checkpoint/apply.ts';
import type { TelemetryRecord } from '../checkpoint/record-head.ts';
import { type PartitionState, progressOf, telemetryTopics } from '../checkpoint/state.ts';
import { inOrder } from '../partition/checkpoint-reader.ts';
import { rebuildRecord } from '../partition/recover.ts';
import { baseMs, type LogSpec, logRecord, spanRecord } from '../testing/block.ts';
import { templateSums } from '../testing/reference-join.ts';
import { newState } from '../testing/state.ts';
import { pieces, randomFrom } from '../testing/traces.ts';

interface Sent {
  readonly atMs: number;
  readonly span?: number;
  readonly line?: LogSpec;
}

/**
 * Spans at ten-second steps, and some lines for each: with it, soon after, or minutes late; most in several batches.
 */
function randomSent(random: () => number): Sent[] {
  const sent: Sent[] = [];
  for (let span = 1; span <= 40; span++) {
    const atMs = Math.floor(random() * 200_000);
    sent.push({ atMs, span });
    for (let left = Math.floor(random() * 4); left > 0; left--) {
      const delayMs = [0, 3_000, 15_000, 50_000, 100_000, 200_000][Math.floor(random() * 6)] ?? 0;
      const body = random() < 0.6 ? 'no answer' : 'gave up';
      sent.push({ atMs: atMs + delayMs, line: { service: 'shop', trace: span, span, body } });
    }
  }
  return sent.sort((a, b) => a.atMs - b.atMs);
}

function recordsOf(sent: readonly Sent[]): TelemetryRecord[] {
  const next = { spans: 0n, logs: 0n };
  return sent.map(({ atMs, span, line }) => {
    const timestampMs = baseMs + atMs;
    if (line !== undefined) return logRecord([line], { offset: next.logs++, timestampMs });
    const id = span ?? 0;
    return spanRecord([{ service: 'shop', trace: id, id, name: `op${id % 3}`, from: id * 1_000, to: id * 1_000 + 5 }], {
      offset: next.spans++,
      timestampMs,
    });
  });
}

/**
 * A simple reference for traces of one span each: a line less than two minutes after the span belongs to it, and each
 * template counts once.
 */
function referenceTemplates(sent: readonly Sent[]) {
  const sums: Record<string, number> = {};
  const add = (key: string) => {
    sums[key] = (sums[key] ?? 0) + 1;
  };
  const counted = new Set<string>();
  const cameAt = new Map(sent.flatMap(({ span, atMs }) => (span === undefined ? [] : [[span, atMs] as const])));
  for (const { atMs, line } of sent) {
    if (line?.span === undefined) continue;
    const isOwn = atMs - (cameAt.get(line.span) ?? 0) < 120_000;
    const window = isOwn ? baseMs + Math.floor(line.span / 10) * 10_000 : baseMs;
    const key = `${window} shop ${isOwn ? `op${line.span % 3}` : ''} ${line.body}`;
    add(`lines ${key}`);
    if (!isOwn || !counted.has(`${line.span} ${line.body}`)) add(`spans ${key}`);
    if (isOwn) counted.add(`${line.span} ${line.body}`);
  }
  return sums;
}

function restarted(state: PartitionState, records: readonly TelemetryRecord[]): PartitionState {
  const progress = progressOf(state, null);
  const again = { ...newState(progress), positions: { ...state.positions } };
  for (const { topic, low, keep } of progress.topics)
    for (const record of records)
      if (record.topic === topic && record.offset >= keep && record.offset < state.positions[topic])
        rebuildRecord(again, record, low);
  again.join.advance(progress.watermarkMs, null);
  expect(progressOf(again, null)).toEqual(progress);
  return again;
}

function checkpointOf(state: PartitionState, records: readonly TelemetryRecord[], watermarkMs: number) {
  const ends = telemetryTopics.map((topic) => ({
    topic,
    offset: state.positions[topic] + BigInt(records.filter((record) => record.topic === topic).length),
  }));
  return applyCheckpoint(state, { ends, watermarkMs, barrier: false, takenAtMs: 0 }, inOrder(records)).batches;
}

it.each(Array.from({ length: 60 }, (_, seed) => seed))(
  'late lines find their span, however records are divided into checkpoints and whenever it restarts (seed %i)',
  (seed) => {
    const random = randomFrom(seed);
    const sent = randomSent(random);
    const records = recordsOf(sent);
    let state = newState();
    const batches = pieces(records, 7, random).flatMap((piece) => {
      const made = checkpointOf(state, piece, piece.at(-1)?.timestampMs ?? 0);
      if (random() < 0.4) state = restarted(state, records);
      return made;
    });
    batches.push(...checkpointOf(state, [], baseMs + 10_000_000));
    expect(templateSums(batches)).toEqual(referenceTemplates(sent));
  },
);

it('a line counts without its span when more spans have arrived than are remembered', () => {
  const few = newState(undefined, 8);
  const spans = Array.from({ length: 20 }, (_, index) => ({
    service: 'a',
    id: index + 1,
    trace: index + 1,
    from: 0,
    to: 1,
  }));
  const records = spans.map((span, index) =>
    spanRecord([span], { offset: BigInt(index), timestampMs: baseMs + index }),
  );
  checkpointOf(few, records, baseMs + 15_000);
  expect(few.join.retentionOffset('spans')).toBe(12n);
  const late = [1, 20].map((span) => ({ service: 'a', trace: span, span, body: `line ${span === 1 ? 'one' : 'two'}` }));
  checkpointOf(few, [logRecord(late, { offset: 0n, timestampMs: baseMs + 20_000 })], baseMs + 20_000);
  const sums = templateSums(checkpointOf(few, [], baseMs + 40_000));
  expect(sums).toEqual({
    [`lines ${baseMs} a  line one`]: 1,
    [`spans ${baseMs} a  line one`]: 1,
    [`lines ${baseMs} a op line two`]: 1,
    [`spans ${baseMs} a op line two`]: 1,
  });
});

it('spans are forgotten together with the lines that they may have been counted for', () => {
  const few = newState(undefined, 2);
  const span = { service: 'a', id: 1, trace: 1, from: 0, to: 1 };
  const line = (id: number) => ({ service: 'a', trace: id, span: id, body: 'no answer' });
  checkpointOf(few, [spanRecord([span], { offset: 0n, timestampMs: baseMs })], baseMs);
  const first = [1, 2, 3].map((id, index) => logRecord([line(id)], { offset: BigInt(index), timestampMs: baseMs }));
  const made = [...checkpointOf(few, first, baseMs + 20_000)];
  made.push(
    ...checkpointOf(few, [logRecord([line(1)], { offset: 3n, timestampMs: baseMs + 30_000 })], baseMs + 50_000),
  );
  expect(templateSums(made)[`spans ${baseMs} a op no answer`]).toBe(1);
  expect(few.join.retentionOffset('spans')).toBeNull();
});
