import { expect, it } from 'vitest';
import { drawScenario } from '../simulator/scenario.ts';
import { checkDemo, type IncidentJson } from './checks.ts';
import { exitCodeOf, formatCheck } from './run.ts';

const scenario = drawScenario(23, 'migration');
const [fault] = scenario.faults;
const right: IncidentJson = {
  id: 'i',
  verdict: 'identified',
  alerts: [1, 2],
  hypotheses: [
    {
      probability: 0.9,
      cause: { service: fault?.services[0] ?? '', kind: 'latency' },
      change: { summary: fault?.changes[0]?.summary ?? '' },
    },
  ],
};
const observed = { incidents: [right], firstHypothesisMs: 2_640, alertsSent: 2 };

it('prints the limit of time beside what was measured', () => {
  const lines = checkDemo(scenario, observed).map(formatCheck);
  expect(lines).toContain('ok      first hypothesis: 2.6 s (limit 3 s)');
  expect(exitCodeOf(checkDemo(scenario, observed))).toBe(0);
});

it('a slow machine misses the limit and still exits with 0', () => {
  const checks = checkDemo(scenario, { ...observed, firstHypothesisMs: 9_000 });
  expect(checks.map(formatCheck)).toContain('missed  first hypothesis: 9.0 s (limit 3 s)');
  expect(exitCodeOf(checks)).toBe(0);
});

it.each([
  ['a second incident', { ...observed, incidents: [right, right] }],
  ['no incident', { ...observed, incidents: [] }],
  ['an alert too few', { ...observed, alertsSent: 3 }],
  ['another cause', { ...observed, incidents: [{ ...right, hypotheses: [] }] }],
  [
    'another change',
    { ...observed, incidents: [{ ...right, hypotheses: right.hypotheses.map((one) => ({ ...one, change: null })) }] },
  ],
])('%s exits with 1', (_, seen) => {
  expect(exitCodeOf(checkDemo(scenario, seen))).toBe(1);
});
