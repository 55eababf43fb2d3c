import { codecs } from '@faultline/model';
import { expect, it } from 'vitest';
import { applyCut } from '../cut/apply.ts';
import type { TelemetryRecord } from '../cut/record-head.ts';
import { type LaneState, progressOf, telemetryTopics } from '../cut/state.ts';
import { baseMs, type SpanSpec, spanRecord } from '../test-block.ts';
import { sumsOf } from '../test-dumb-join.ts';
import { newState } from '../test-state.ts';
import { pieces, randomFrom } from '../test-traces.ts';
import { effectiveTimeMs } from './join.ts';

/** Traces that pause, go on for longer than a trace may, and end; some records come seconds behind the others. */
function randomRecords(random: () => number): TelemetryRecord[] {
  let atMs = baseMs;
  return Array.from({ length: 150 }, (_, index) => {
    atMs += Math.floor(random() * 2_500);
    const spans: SpanSpec[] = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, nth) => {
      const id = index * 3 + nth + 1;
      const trace = 1 + Math.floor(random() ** 2 * 8);
      const parent = 1 + Math.floor(random() * id);
      return { trace, id, parent, service: `s${id % 3}`, name: `op${id % 2}`, from: index * 100, to: index * 100 + 50 };
    });
    return spanRecord(spans, { offset: BigInt(index), timestampMs: atMs });
  });
}

/** The state as a restart makes it: from what is written down and from the records that it says are still needed. */
function rebuilt(state: LaneState, records: readonly TelemetryRecord[]): LaneState {
  const progress = progressOf(state, null);
  const again = { ...newState(progress), positions: { ...state.positions }, lifts: progress.lifts };
  const low = progress.topics.find(({ topic }) => topic === 'spans')?.low ?? 0n;
  for (const record of records) {
    if (record.offset < low || record.offset >= state.positions.spans) continue;
    const block = codecs.spanBlock.decode(record.value ?? new Uint8Array());
    const atMs = effectiveTimeMs(record, progress.lifts);
    if (block.ok) again.join.addSpans({ topic: 'spans', offset: record.offset, atMs }, block.value);
  }
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
  const batches = pieces(records, 5, random).map((cut) => {
    const next = cut.at(-1)?.timestampMs ?? 0;
    // Now and then the clock runs ahead, so that the records after it come behind the watermark.
    const watermarkMs = random() < 0.15 ? next + 20_000 * random() : next;
    const offset = (cut.at(-1)?.offset ?? 0n) + 1n;
    const ends = telemetryTopics.map((topic) => ({ topic, offset: topic === 'spans' ? offset : 0n }));
    const barrier = random() < 0.02;
    const result = applyCut(state, { ends, watermarkMs: Math.floor(watermarkMs), barrier, takenAtMs: 0 }, cut);
    lifted += state.lifts.length;
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
  const last = applyCut(state, { ends, watermarkMs: baseMs + 10_000_000, barrier: false, takenAtMs: 0 }, []);
  return { sums: sumsOf([...batches.flat(), ...last.batches]), lifted, aged };
}

it.each(Array.from({ length: 40 }, (_, seed) => seed))('restarts leave no trace in the sums (seed %i)', (seed) => {
  const undisturbed = play(seed, false);
  expect(play(seed, true).sums).toEqual(undisturbed.sums);
});

it('the records above do come late and do grow old', () => {
  const runs = Array.from({ length: 40 }, (_, seed) => play(seed, false));
  expect(runs.filter(({ lifted }) => lifted > 0).length).toBeGreaterThan(20);
  expect(runs.filter(({ aged }) => aged > 0).length).toBeGreaterThan(20);
});
