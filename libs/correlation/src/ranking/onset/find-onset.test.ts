import type { EvidenceResult } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { compare } from '../compare/compare.ts';
import { planEvidence } from '../input/plan.ts';
import type { RankingInput } from '../input/ranking.ts';
import { rankHypotheses } from '../rank.ts';
import { groupRows } from '../rows/groups.ts';
import { around, child, deploy, incident, operation, series } from '../testing/fixture.ts';
import { findOnset, knownOnset } from './find-onset.ts';

const alertMs = 10_000_000;
const nowMs = alertMs + 60_000;
const plan = planEvidence({ startedAtMs: alertMs, nowMs });

interface Day {
  /** When web's own code became slow; null: a day on which nothing did. */
  readonly slowFromMs: number | null;
  /** And when it was well again. */
  readonly wellFromMs?: number;
  readonly changes?: RankingInput['changes'];
}

/** A service whose calls take 10 ms, and 60 ms while it is slow, seen through the product's own plan of slices. */
function day({ slowFromMs, wellFromMs = Number.POSITIVE_INFINITY, changes = [] }: Day): RankingInput {
  const [template] = operation({ service: 'web', self: [10, 10] });
  const operations = plan.slices.flatMap(({ fromMs, toMs }, slice) => {
    const slowMs = slowFromMs === null ? 0 : Math.max(0, Math.min(toMs, wellFromMs) - Math.max(fromMs, slowFromMs));
    const slow = Math.round((40 * slowMs) / (toMs - fromMs));
    const duration = [...around(10, 40 - slow), ...around(60, slow)];
    return template === undefined
      ? []
      : [{ ...template, slice, calls: 40, settledCalls: 40, duration, self: duration }];
  });
  const input = incident('web', { operations }, { changes });
  const answer: EvidenceResult | null = input.answer && { ...input.answer, slices: plan.slices };
  return { ...input, startedAtMs: alertMs, nowMs, answer };
}

describe('findOnset', () => {
  it.each([20, 45, 90, 150, 300, 600, 780])(
    'finds harm that began %i s before the alert, within 30 s',
    (leadSeconds) => {
      const { onset } = compare(day({ slowFromMs: alertMs - leadSeconds * 1000 }));
      expect(onset.isSeen).toBe(true);
      expect(Math.abs(onset.atMs - (alertMs - leadSeconds * 1000))).toBeLessThanOrEqual(30_000);
      expect(onset.beforeToMs).toBeLessThan(onset.duringFromMs);
    },
  );

  it.each([100, 110, 130])('tells %i s before the alert to a part of a slice', (leadSeconds) => {
    const truth = alertMs - leadSeconds * 1000;
    const { onset, onsetOf } = compare(day({ slowFromMs: truth }));
    expect(Math.abs(onsetOf('web') - truth)).toBeLessThanOrEqual(5_000);
    expect(onsetOf('nobody')).toBe(onset.atMs);
  });

  it('dates who is no longer reached by the calls that others miss', () => {
    const fromMs = alertMs - 105_000;
    const input = day({ slowFromMs: null });
    const [template] = child('web', 'mailer', [1, 1]);
    const children = plan.slices.flatMap((range, slice) => {
      const kept = Math.min(1, Math.max(0, (fromMs - range.fromMs) / (range.toMs - range.fromMs)));
      const spans = Math.round(2 + 38 * kept);
      return template === undefined ? [] : [{ ...template, slice, spans, calls: spans }];
    });
    const { onset, onsetOf } = compare({ ...input, answer: input.answer && { ...input.answer, children } });
    expect(Math.abs(onsetOf('mailer') - fromMs)).toBeLessThanOrEqual(5_000);
    expect(onsetOf('nobody')).toBe(onset.atMs);
  });

  it('finds a delay that hits one call in twelve for five minutes, by the far tail', () => {
    const fromMs = alertMs - 300_000;
    const input = day({ slowFromMs: null });
    const operations = (input.answer?.operations ?? []).map((row) => {
      const late = (plan.slices[row.slice]?.fromMs ?? 0) >= fromMs ? 1 : 0;
      const calls = row.slice === 0 ? 400 : 12;
      const duration = [...around(10, calls - late), ...around(900, late)];
      return { ...row, calls, settledCalls: calls, duration, self: duration };
    });
    const { onset } = compare({ ...input, answer: input.answer && { ...input.answer, operations } });
    expect(onset.isSeen).toBe(true);
    expect(Math.abs(onset.atMs - fromMs)).toBeLessThanOrEqual(60_000);
  });

  it('does not take an old spike that has passed for the onset', () => {
    const { onset } = compare(day({ slowFromMs: alertMs - 700_000, wellFromMs: alertMs - 500_000 }));
    expect(onset.isSeen).toBe(false);
  });

  it('falls back to the usual lead, unsure on both windows, when nothing moves', () => {
    const { onset } = compare(day({ slowFromMs: null }));
    expect(onset).toEqual({
      atMs: alertMs - 120_000,
      beforeToMs: alertMs - 180_000,
      duringFromMs: alertMs - 90_000,
      isSeen: false,
    });
  });

  it('finds it in metrics alone', () => {
    const input = day({ slowFromMs: null });
    const row = series('web', 'process.cpu.utilization', [0, 0]);
    const points = Array.from({ length: 40 }, (_, i) => {
      const atMs = alertMs - 1_110_000 + i * 30_000;
      const value = (atMs < alertMs - 240_000 ? 0.2 : 0.9) + 0.01 * (i % 3);
      return [atMs, value, value, 1] as const;
    });
    const answer = input.answer && { ...input.answer, operations: [], series: [{ ...row, points }] };
    expect(compare({ ...input, answer }).onset.atMs).toBe(alertMs - 240_000);
  });

  it('says one thing about the time of a change, wherever it says it', () => {
    const change = deploy('web', alertMs - 100_000);
    const { hypotheses, changes, timeline } = rankHypotheses(day({ slowFromMs: alertMs - 120_000, changes: [change] }));
    expect(hypotheses[0]?.changeId).toBe(change.id);
    expect(hypotheses[0]?.sinceMs).toBe(change.startedAtMs);
    expect(timeline[0]?.atMs).toBe(change.startedAtMs);
    expect(changes[0]?.reason).toContain('right at the onset');
    expect(hypotheses[0]?.evidence.find(({ kind }) => kind === 'changes')?.summary).toContain('right at the onset');
  });

  it('is the usual lead before evidence is in, or where the evidence has no time to compare', () => {
    const usual = { atMs: alertMs - 120_000, isSeen: false };
    const input = day({ slowFromMs: alertMs - 300_000 });
    expect(compare({ ...input, answer: null }).onset).toMatchObject(usual);
    const one = input.answer && { ...input.answer, slices: plan.slices.slice(0, 1) };
    expect(compare({ ...input, answer: one }).onset).toMatchObject(usual);
  });

  it('asks only services that the alerting ones depend on', () => {
    const input = day({ slowFromMs: alertMs - 300_000 });
    const groups = input.answer === null ? null : groupRows(input.answer);
    const isSeen = (isRelated: boolean) => groups && findOnset(input, groups, () => isRelated).incident.isSeen;
    expect([isSeen(true), isSeen(false)]).toEqual([true, false]);
  });

  it('takes a shift that comes long after the alert for another story', () => {
    const laterMs = alertMs + 900_000;
    const { slices } = planEvidence({ startedAtMs: alertMs, nowMs: laterMs });
    const [template] = operation({ service: 'web', self: [10, 10] });
    const operations = slices.flatMap(({ fromMs }, slice) => {
      const duration = around(fromMs >= alertMs + 400_000 ? 60 : 10, 40);
      return template === undefined
        ? []
        : [{ ...template, slice, calls: 40, settledCalls: 40, duration, self: duration }];
    });
    const input = incident('web', { operations });
    const answer = input.answer && { ...input.answer, slices };
    expect(compare({ ...input, startedAtMs: alertMs, nowMs: laterMs, answer }).onset.isSeen).toBe(false);
  });

  it.each([
    [576, 540],
    [598, 600],
  ])('counts a slice of a minute for the incident only if most of it shows the harm (%i s)', (lead, duringLead) => {
    const { onset } = compare(day({ slowFromMs: alertMs - lead * 1000 }));
    expect(onset).toMatchObject({ atMs: alertMs - 600_000, duringFromMs: alertMs - duringLead * 1000 });
  });

  it('leaves a gap only where it is unsure', () => {
    expect(knownOnset(5_000)).toEqual({ atMs: 5_000, beforeToMs: 5_000, duringFromMs: 5_000, isSeen: true });
    expect(knownOnset(5_000, 3_000).beforeToMs).toBe(3_000);
    for (const leadSeconds of [60, 300, 700]) {
      const { onset } = compare(day({ slowFromMs: alertMs - leadSeconds * 1000 }));
      expect(onset.beforeToMs).toBeGreaterThanOrEqual(onset.atMs - 120_000);
      expect(onset.duringFromMs).toBeLessThanOrEqual(onset.atMs + 120_000);
      expect(onset.beforeToMs).toBeLessThan(onset.atMs);
    }
  });
});
