import { describe, expect, it } from 'vitest';
import type { Truth } from '../case/truth.ts';
import { groupingF1, judgeGrouping } from './grouping.ts';
import type { Prediction } from './prediction.ts';

const truth: Truth = {
  case: 'c',
  family: 'cpu',
  services: ['api'],
  overlapping: [],
  instance: '',
  kinds: [],
  change: null,
  innocent: [],
  sinceMs: null,
  alerts: [
    { name: 'A', atMs: 1, isOfFault: true },
    { name: 'B', atMs: 2, isOfFault: true },
    { name: 'C', atMs: 3, isOfFault: true },
    { name: 'Noise', atMs: 3, isOfFault: false },
  ],
};
const page = (...alerts: [name: string, atMs: number][]): Prediction => ({
  verdict: 'identified',
  alertCount: alerts.length,
  alerts: alerts.map(([name, atMs]) => ({ name, atMs })),
  hypotheses: [],
});

describe('judgeGrouping', () => {
  it('counts pages of the fault, pages of noise, and pairs', () => {
    const pages = [page(['A', 1], ['B', 2], ['Noise', 3]), page(['C', 3])];
    expect(judgeGrouping(pages, truth)).toEqual({
      faultPages: 2,
      isFaultPaged: true,
      noisePages: 0,
      noiseTickets: 0,
      noiseLogs: 0,
      noiseClaims: 0,
      truePairs: 3,
      pagedPairs: 3,
      rightPairs: 1,
    });
    expect(judgeGrouping([page(['Noise', 3])], truth)).toMatchObject({ faultPages: 0, noisePages: 1, noiseClaims: 1 });
  });

  it('tells what wakes people from what is only listed', () => {
    const noise = { ...page(['Noise', 3]), level: 'log' as const };
    const fault = { ...page(['A', 1]), level: 'ticket' as const };
    expect(judgeGrouping([noise, fault], truth)).toMatchObject({ isFaultPaged: false, noisePages: 0, noiseLogs: 1 });
  });

  it('recognizes an alert whose sender changed its name by its time', () => {
    expect(judgeGrouping([page(['[FIRING:1] A (x)', 1])], truth)).toMatchObject({ faultPages: 1 });
  });

  it('is unknown where two faults overlap, nothing is wrong, or the alerts are not known', () => {
    expect(judgeGrouping([], { ...truth, overlapping: [['a'], ['b']] })).toBeNull();
    expect(judgeGrouping([], { ...truth, services: [] })).toBeNull();
    expect(judgeGrouping([{ verdict: '', alertCount: 1, hypotheses: [] }], truth)).toBeNull();
    const { alerts: _, ...unlabelled } = truth;
    expect(judgeGrouping([], unlabelled)).toBeNull();
  });
});

it('the F1 score is 1 for one page with all alerts of the fault, and less for a page too many or a noise alert in it', () => {
  const f1 = (...pages: Prediction[]) => {
    const grouping = judgeGrouping(pages, truth);
    return grouping === null ? null : groupingF1([grouping]);
  };
  expect(f1(page(['A', 1], ['B', 2], ['C', 3]), page(['Noise', 3]))).toBe(1);
  expect(f1(page(['A', 1], ['B', 2]), page(['C', 3]))).toBeCloseTo(0.5);
  expect(f1(page(['A', 1], ['B', 2], ['C', 3], ['Noise', 3]))).toBeCloseTo(6 / 9);
});
