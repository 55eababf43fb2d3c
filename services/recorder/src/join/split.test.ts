import { expect, it } from 'vitest';
import { applyCut } from '../cut/apply.ts';
import type { TelemetryRecord } from '../cut/record-head.ts';
import { type LaneState, telemetryTopics } from '../cut/state.ts';
import { baseMs, spanRecord } from '../testing/block.ts';
import { dumbSums, sumsOf } from '../testing/dumb-join.ts';
import { newState } from '../testing/state.ts';
import { pieces, randomFrom, randomTraces, shuffled } from '../testing/traces.ts';

function record(records: readonly TelemetryRecord[], state: LaneState, watermarkMs: number) {
  const ends = telemetryTopics.map((topic) => ({
    topic,
    offset: topic === 'spans' ? state.positions.spans + BigInt(records.length) : 0n,
  }));
  return applyCut(state, { ends, watermarkMs, barrier: false, takenAtMs: watermarkMs }, records).batches;
}

it.each(Array.from({ length: 40 }, (_, seed) => seed))(
  'however spans are split into blocks and cuts, their sums are those of the dumb join (seed %i)',
  (seed) => {
    const random = randomFrom(seed);
    const spans = randomTraces(20, random);
    // All within nine seconds of record time: every trace settles as one session.
    const blocks = pieces(shuffled(spans, random), 9, random);
    const records = blocks.map((block, index) =>
      spanRecord(block, { offset: BigInt(index), timestampMs: baseMs + Math.floor((index * 9_000) / blocks.length) }),
    );
    const state = newState();
    const cuts = pieces(records, 6, random).map((cut) => record(cut, state, cut.at(-1)?.timestampMs ?? 0));
    cuts.push(record([], state, baseMs + 15_000), record([], state, baseMs + 20_000));
    expect(sumsOf(cuts.flat())).toEqual(dumbSums(spans));
    const named = cuts.flat().map(({ table, token }) => `${table} ${token}`);
    expect(new Set(named).size).toBe(named.length);
  },
);
