import { describe, expect, it } from 'vitest';
import { parseTruth, type Truth } from '../case/truth.ts';
import { judge } from './judge.ts';
import type { Prediction } from './prediction.ts';
import { formatReport } from './report.ts';

const truth: Truth = {
  case: 'c',
  family: 'error',
  services: ['basket'],
  overlapping: [],
  instance: 'basket-1',
  kinds: ['error', 'code'],
  change: 'basket 2.0',
  innocent: ['search 3.0'],
  sinceMs: 1_000,
};
const hypothesis = {
  service: 'basket',
  kind: 'code',
  instance: 'basket-1',
  probability: 0.8,
  change: 'basket 2.0',
  sinceMs: 21_000,
};
const page: Prediction = { verdict: 'identified', alertCount: 3, hypotheses: [hypothesis] };
const answered = (...incidents: Prediction[]) => ({
  case: 'c',
  system: 's',
  incidents,
  baseline: ['search', 'basket'],
});

describe('judge', () => {
  it('judges service, kind, instance, time and change', () => {
    expect(judge(answered(page), truth)).toMatchObject({
      rank: 1,
      baselineRank: 2,
      kindRight: true,
      instanceRight: true,
      sinceErrorMs: 20_000,
      guiltyChangeFound: true,
      innocentChangeBlamed: false,
      abstained: null,
    });
  });

  it('an identified page comes before an inconclusive one', () => {
    const unsure = { ...page, verdict: 'inconclusive', alertCount: 9, hypotheses: [] };
    expect(judge(answered(unsure, page), truth)).toMatchObject({ rank: 1, verdict: 'identified' });
  });

  it('judges the page with the most alerts', () => {
    const other = { ...page, alertCount: 1, hypotheses: [{ ...hypothesis, service: 'search', change: 'search 3.0' }] };
    expect(judge(answered(other, page), truth)).toMatchObject({ rank: 1, innocentChangeBlamed: false, incidents: 2 });
    expect(judge(answered({ ...other, alertCount: 9 }, page), truth)).toMatchObject({
      rank: null,
      innocentChangeBlamed: true,
    });
  });

  it('a missing page is a miss, and blames no change', () => {
    expect(judge(answered(), truth)).toMatchObject({ rank: null, verdict: 'missing', innocentChangeBlamed: false });
  });

  it('does not judge kind and instance of a wrong cause', () => {
    const wrong = { ...page, hypotheses: [{ ...hypothesis, service: 'search' }] };
    expect(judge(answered(wrong), truth)).toMatchObject({ kindRight: null, instanceRight: null, sinceErrorMs: null });
  });

  it('without a fault, every page must be inconclusive', () => {
    const quiet = { ...truth, services: [], kinds: [], instance: '', change: null };
    const unsure = { ...page, verdict: 'inconclusive' };
    expect(judge(answered(unsure, unsure), quiet).abstained).toBe(true);
    expect(judge(answered(unsure, page), quiet).abstained).toBe(false);
    expect(judge(answered(), quiet).abstained).toBe(true);
  });

  it('two faults are separated by two pages, or by one that names both', () => {
    const both = { ...truth, services: ['basket', 'mail'], overlapping: [['basket'], ['mail']] };
    const mail = { ...page, hypotheses: [{ ...hypothesis, service: 'mail' }] };
    expect(judge(answered(page), both)).toMatchObject({ separated: false, rank: 1 });
    expect(judge(answered(page, mail), both).separated).toBe(true);
    const named = { ...page, hypotheses: [hypothesis, { ...hypothesis, service: 'mail', probability: 0.1 }] };
    expect(judge(answered(named), both).separated).toBe(true);
  });
});

it('a label of an injected fault becomes a truth, with its scenario or its fault type as family', () => {
  const label = { case: 'x-0822-01', service: 'a', pod: 'a-1', fault_type: 'cpu_contention' };
  expect(parseTruth(label)).toMatchObject({ services: ['a'], instance: 'a-1', kinds: ['cpu'], family: 'cpu' });
  const scenario = { case: 'shop-low_traffic-00', service: 'a', fault_type: 'put delaymode 500' };
  expect(parseTruth(scenario)).toMatchObject({ family: 'low_traffic', kinds: ['latency', 'code'] });
});

it('the report counts cases with and without a fault separately', () => {
  const quiet = judge(answered({ ...page, verdict: 'inconclusive' }), { ...truth, services: [], change: null });
  const report = formatReport([judge(answered(page), truth), quiet], null);
  expect(report).toMatch(/\| s +\| 1 +\| 1 +\| 1 +\| 1 +\| 0\/1\/1 +\| 1\/1/);
  expect(report).toMatch(/no fault, inconclusive: s \| 1 of 1/);
});

it('the report compares styles of labels: pages, grouping and time are those of the faults', () => {
  const alerts = [
    { name: 'A', atMs: 1, isOfFault: true },
    { name: 'B', atMs: 2, isOfFault: true },
  ];
  const on = (...names: string[]) => alerts.filter(({ name }) => names.includes(name));
  const of = (system: string, ...pages: Prediction[]) => judge({ ...answered(...pages), system }, { ...truth, alerts });
  const clean = of('generated', { ...page, alerts: on('A', 'B') });
  const company = of('generated-company', { ...page, alerts: on('A') }, { ...page, alertCount: 1, alerts: on('B') });
  const report = formatReport([clean, company], null);
  expect(report).toMatch(
    /\| generated +\| 1 +\| 1\/1 +\| 1\/1 +\| 1\/1 +\| 0\/1 +\| 1\.00 +\| 1\/1 +\| 1\.00 +(\| 0\.00 +){4}\| 1\/1 +\| 20 s/,
  );
  expect(report).toMatch(/\| generated-company +\| 1 +.*\| 2\.00 +\| 1\/1 +\| 0\.00 /);
});
