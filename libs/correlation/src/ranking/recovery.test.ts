import type { EvidenceResult } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { compareAtOnset } from './compare/compare.ts';
import { resources } from './evidence/resources.ts';
import { knownOnset } from './onset/find-onset.ts';
import { causeStillShows } from './recovery.ts';
import { finding } from './testing/evidence.ts';
import { edge, incident, onsetMs, operation, type Rows, series, slices as twoSlices } from './testing/fixture.ts';
import { tuned } from './weigh/tuned.ts';
import type { Weighed } from './weigh/weigh.ts';

/** The baseline, the harm, and two minutes after it. */
const slices = [...twoSlices, { fromMs: 780_000, toMs: 900_000 }];
const nowMs = 900_000;

/** Rows of three slices: a baseline, the harm, and what came after (a row like one of the first two; null: none). */
function thenLike<Row extends { readonly slice: number }>(rows: readonly Row[], last: 0 | 1 | null): Row[] {
  return [...rows, ...rows.filter(({ slice }) => slice === last).map((row) => ({ ...row, slice: 2 }))];
}

const slowApi = operation({ service: 'api', self: [10, 310] });

function stillShows(rows: Rows | null, { service = 'api', findings = [finding()] as Weighed[] } = {}): boolean {
  const input = incident('web', rows);
  const answer: EvidenceResult | null = input.answer && {
    ...input.answer,
    slices,
    watermarks: { spans: nowMs, logs: nowMs, metrics: nowMs },
  };
  const comparison = compareAtOnset({ ...input, nowMs, answer }, knownOnset(onsetMs));
  const cause = { service, instance: '', kind: 'latency' as const, logOdds: 4, probability: 0.9, findings };
  return causeStillShows(comparison, cause, tuned);
}

describe('causeStillShows', () => {
  it('while the cause is as slow as during the harm', () => {
    expect(stillShows({ operations: thenLike(slowApi, 1) })).toBe(true);
  });

  it('no longer once it answers as before the harm', () => {
    expect(stillShows({ operations: thenLike(slowApi, 0) })).toBe(false);
  });

  it('while it sends nothing any more: nobody knows that it is over', () => {
    expect(stillShows({ operations: thenLike(slowApi, null) })).toBe(true);
  });

  it('not where it never sent anything, since then its alerts are all there is', () => {
    const web = operation({ service: 'web', self: [10, 310] });
    expect(stillShows({ operations: thenLike(web, 1) })).toBe(false);
    expect(stillShows({ operations: thenLike(web, null) })).toBe(false);
  });

  it('whatever others suffer from: only the cause is asked', () => {
    const web = operation({ service: 'web', self: [10, 310] });
    expect(stillShows({ operations: [...thenLike(slowApi, 0), ...thenLike(web, 1)] })).toBe(false);
  });

  it('by the calls to it, where it sends no spans itself', () => {
    const calls = edge({ from: 'web', to: 'db', silent: true, total: [10, 310] });
    const db = { service: 'db' };
    const operations = thenLike(operation({ service: 'web', self: [5, 5], total: [20, 320] }), 1);
    expect(stillShows({ operations, edges: thenLike(calls, 1) }, db)).toBe(true);
    expect(stillShows({ operations, edges: thenLike(calls, 0) }, db)).toBe(false);
  });

  it('before evidence is in', () => {
    expect(stillShows(null)).toBe(true);
  });

  describe('by the metrics of a cause that metrics show', () => {
    const measured = { findings: [finding({ kind: 'resources', traits: resources.traits })] };
    const hot = series('api', 'process.cpu.utilization', [0.2, 0.98]);
    const after = (value: number): Rows => ({
      operations: thenLike(operation({ service: 'api', self: [10, 10] }), 0),
      series: [{ ...hot, points: [...hot.points, ...[780, 810, 840, 870].map((at) => point(at * 1000, value))] }],
    });
    const point = (atMs: number, value: number) => [atMs, value, value, 1] as const;

    it('while its processor is busy', () => {
      expect(stillShows(after(0.98), measured)).toBe(true);
    });

    it('no longer once it is idle again', () => {
      expect(stillShows(after(0.2), measured)).toBe(false);
    });

    it('while no metric comes in, however many calls do', () => {
      expect(stillShows({ ...after(0.2), series: [hot] }, measured)).toBe(true);
    });
  });
});
