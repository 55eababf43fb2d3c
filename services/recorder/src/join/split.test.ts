import { expect, it } from 'vitest';
import { applyCheckpoint } from '../checkpoint/apply.ts';
import type { TelemetryRecord } from '../checkpoint/record-head.ts';
import { type PartitionState, telemetryTopics } from '../checkpoint/state.ts';
import { baseMs, spanRecord } from '../testing/block.ts';
import { referenceSums, sumsOf } from '../testing/reference-join.ts';
import { newState } from '../testing/state.ts';
import { pieces, randomFrom, randomTraces, shuffled } from '../testing/traces.ts';

function record(records: readonly TelemetryRecord[], state: PartitionState, watermarkMs: number) {
  const ends = telemetryTopics.map((topic) => ({
    topic,
    offset: topic === 'spans' ? state.positions.spans + BigInt(records.length) : 0n,
  }));
  return applyCheckpoint(state, { ends, watermarkMs, barrier: false, takenAtMs: watermarkMs }, records).batches;
}

it.each(Array.from({ length: 40 }, (_, seed) => seed))(
  'however spans are split into blocks and checkpoints, their sums are those of the reference join (seed %i)',
  (seed) => {
    const random = randomFrom(seed);
    const spans = randomTraces(20, random);
    // All within nine seconds of record time, so every trace settles as one session.
    const blocks = pieces(shuffled(spans, random), 9, random);
    const records = blocks.map((block, index) =>
      spanRecord(block, { offset: BigInt(index), timestampMs: baseMs + Math.floor((index * 9_000) / blocks.length) }),
    );
    const state = newState();
    const checkpoints = pieces(records, 6, random).map((checkpoint) =>
      record(checkpoint, state, checkpoint.at(-1)?.timestampMs ?? 0),
    );
    checkpoints.push(record([], state, baseMs + 15_000), record([], state, baseMs + 20_000));
    expect(sumsOf(checkpoints.flat())).toEqual(referenceSums(spans));
    const named = checkpoints.flat().map(({ table, token }) => `${table} ${token}`);
    expect(new Set(named).size).toBe(named.length);
  },
);
