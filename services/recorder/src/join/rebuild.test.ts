import { expect, it } from 'vitest';
import { applyCheckpoint } from '../checkpoint/apply.ts';
import type { TelemetryRecord } from '../checkpoint/record-head.ts';
import { type PartitionState, progressOf, telemetryTopics } from '../checkpoint/state.ts';
import { inOrder } from '../partition/checkpoint-reader.ts';
import { rebuildRecord } from '../partition/recover.ts';
import { baseMs, logRecord, type SpanSpec, spanRecord } from '../testing/block.ts';
import { sumsOf, templateSums } from '../testing/reference-join.ts';
import { newState } from '../testing/state.ts';
import { pieces, randomFrom } from '../testing/traces.ts';

/**
 * Traces that pause, that last longer than the longest session, and that end; and lines of their spans, some of them
 * minutes late.
 */
function randomRecords(random: () => number): TelemetryRecord[] {
  let atMs = baseMs;
  return Array.from({ length: 240 }, (_, index) => {
    atMs += Math.floor(random() * 2_500);
    if (index % 3 === 2) {
      const lines = Array.from({ length: 2 }, () => {
        const span = 1 + Math.floor(random() * index * 3);
        return { service: 's', trace: traceOf(span), span, body: random() < 0.5 ? 'no answer' : 'done' };
      });
      return logRecord(lines, { offset: BigInt((index - 2) / 3), timestampMs: atMs });
    }
    const spans: SpanSpec[] = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, nth) => {
      const id = index * 3 + nth + 1;
      const trace = traceOf(id);
      const parent = 1 + Math.floor(random() * id);
      return { trace, id, parent, service: `s${id % 3}`, name: `op${id % 2}`, from: index * 100, to: index * 100 + 50 };
    });
    return spanRecord(spans, { offset: BigInt(index - Math.floor((index + 1) / 3)), timestampMs: atMs });
  });
}

/** Low trace numbers have most spans. */
function traceOf(id: number): number {
  return 1 + Math.floor(randomFrom(id)() ** 2 * 8);
}

/** The state as a restart builds it: from the stored progress and the records that it says are needed. */
function rebuilt(state: PartitionState, records: readonly TelemetryRecord[]): PartitionState {
  const progress = progressOf(state, null);
  const again = { ...newState(progress), positions: { ...state.positions }, lateOverrides: progress.lifts };
  for (const { topic, low, keep } of progress.topics)
    for (const record of records)
      if (record.topic === topic && record.offset >= keep && record.offset < state.positions[topic])
        rebuildRecord(again, record, low);
  again.join.advance(progress.watermarkMs, null);
  return again;
}

function play(seed: number, restarts: boolean) {
  const random = randomFrom(seed);
  const restart = randomFrom(seed + 1_000);
  const records = randomRecords(random);
  let state = newState();
  let lifted = 0;
  let aged = 0;
  const batches = pieces(records, 5, random).map((piece) => {
    const next = piece.at(-1)?.timestampMs ?? 0;
    // Sometimes the clock runs ahead, so that later records arrive behind the watermark.
    const watermarkMs = random() < 0.15 ? next + 20_000 * random() : next;
    const ends = telemetryTopics.map((topic) => ({
      topic,
      offset: state.positions[topic] + BigInt(piece.filter((record) => record.topic === topic).length),
    }));
    const barrier = random() < 0.02;
    const result = applyCheckpoint(
      state,
      { ends, watermarkMs: Math.floor(watermarkMs), barrier, takenAtMs: 0 },
      inOrder(piece),
    );
    lifted += state.lateOverrides.length;
    aged += state.join.marks().aged.length;
    if (restarts && restart() < 0.4) {
      const again = rebuilt(state, records);
      expect(progressOf(again, null)).toEqual(progressOf(state, null));
      expect(again.join.pendingItems).toBe(state.join.pendingItems);
      state = again;
    }
    return result.batches;
  });
  const ends = telemetryTopics.map((topic) => ({ topic, offset: state.positions[topic] }));
  const last = applyCheckpoint(state, { ends, watermarkMs: baseMs + 10_000_000, barrier: false, takenAtMs: 0 }, []);
  const all = [...batches.flat(), ...last.batches];
  return { sums: { ...sumsOf(all), ...templateSums(all) }, lifted, aged };
}

it.each(Array.from({ length: 40 }, (_, seed) => seed))('restarts do not change the sums (seed %i)', (seed) => {
  const undisturbed = play(seed, false);
  expect(play(seed, true).sums).toEqual(undisturbed.sums);
});

it('the random records do include late ones and long traces', () => {
  const runs = Array.from({ length: 40 }, (_, seed) => play(seed, false));
  expect(runs.filter(({ lifted }) => lifted > 0).length).toBeGreaterThan(20);
  expect(runs.filter(({ aged }) => aged > 0).length).toBeGreaterThan(20);
});
