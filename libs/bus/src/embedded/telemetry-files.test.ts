import { expect, test } from 'vitest';
import { bytes } from '../../contract/harness.ts';
import { packBatch } from './batch.ts';
import { engineTopics } from './engine-topics.ts';
import { memoryFiles } from './files.ts';
import type { EngineOptions, TelemetryWrite } from './protocol.ts';
import { TelemetryFiles } from './telemetry-files.ts';

const options: EngineOptions = {
  folder: ':memory:',
  topics: engineTopics({ scope: 1, telemetry: 1 }),
  partitions: { scope: 1, telemetry: 1 },
  segmentMs: 1_000,
  segmentMaxBytes: 10_000,
};

const spans = (text: string, write: Partial<TelemetryWrite> = {}): TelemetryWrite => ({
  nowMs: 0,
  confirmedFlush: 0,
  flush: null,
  batch: packBatch([{ topic: 'spans', partition: 0, key: 'k', value: bytes(text), headers: undefined }]),
  ...write,
});

const nextOffset = (state: { spans: readonly { topic: string; next: number }[] }): number | undefined =>
  state.spans.find(({ topic }) => topic === 'spans')?.next;

function reopened(files: ReturnType<typeof memoryFiles>, confirmedFlush: number) {
  return new TelemetryFiles(files, options).open({ confirmedFlush, nowMs: 0, positions: [] });
}

test('a flush that the main file never confirmed is gone after a crash; a confirmed one stays', () => {
  for (const [confirmedFlush, expected] of [
    [6, 1],
    [7, 3],
  ] as const) {
    const files = memoryFiles();
    const first = new TelemetryFiles(files, options);
    first.open({ confirmedFlush: 6, nowMs: 0, positions: [] });
    first.write(spans('valid', { confirmedFlush: 6 }));
    first.write(spans('maybe', { confirmedFlush: 6, flush: 7 }));
    if (confirmedFlush === 7) first.write(spans('next', { confirmedFlush: 7 }));
    expect(nextOffset(reopened(files, confirmedFlush))).toBe(expected);
  }
});

test('a new file begins when the old one is old or large, and continues its offsets', () => {
  const files = memoryFiles();
  const telemetry = new TelemetryFiles(files, options);
  telemetry.open({ confirmedFlush: 0, nowMs: 0, positions: [] });
  const sequences = [
    telemetry.write(spans('a', { nowMs: 10 })),
    telemetry.write(spans('x'.repeat(20_000), { nowMs: 20 })),
    telemetry.write(spans('large before', { nowMs: 30 })),
    telemetry.write(spans('old before', { nowMs: 2_000 })),
  ].map(({ segments }) => segments[0]?.sequence);
  expect(sequences).toEqual([1, 1, 2, 3]);
  expect(telemetry.rotate({ nowMs: 9_000, confirmedFlush: 0 }).map(({ sequence }) => sequence)).toEqual([4]);
  expect(telemetry.rotate({ nowMs: 19_000, confirmedFlush: 0 })).toEqual([]);
  const state = reopened(files, 0);
  const ofSpans = state.segments.filter(({ topic }) => topic === 'spans');
  expect(ofSpans.map(({ base }) => base[0])).toEqual([0, 2, 3, 4]);
  expect(ofSpans.map(({ recordsBeforeMs }) => recordsBeforeMs)).toEqual([0, 20, 30, 2_000]);
  expect(nextOffset(state)).toBe(4);
});
