import { planEvidence, type RankingInput } from '@faultline/correlation';
import { bucketOf, type EvidenceResult, type Histogram } from '@faultline/model';
import { expect, it } from 'vitest';
import { rankRenamed } from './rename.ts';
import { formatRobustness, testRobustness } from './robustness.ts';
import { subsample } from './subsample.ts';

const startedAtMs = 14_400_000;
const onsetMs = startedAtMs - 120_000;
const nowMs = startedAtMs + 60_000;
const { slices } = planEvidence({ startedAtMs, nowMs });
/** Two calls per second, with 10 ms before `sinceMs` and more from then on. */
const operationsOf = (service: string, sinceMs: number) =>
  slices.map(({ fromMs, toMs }, slice) => {
    const calls = (toMs - fromMs) / 500;
    const took: Histogram = [[bucketOf((fromMs < onsetMs ? 10 : sinceMs) * 1000), calls]];
    const shape = { operation: 'serve', kind: 'server', version: '' } as const;
    const counts = { calls, errors: 0, ownErrors: 0, settledCalls: calls };
    return { slice, service, instance: `${service}-1`, ...shape, ...counts, duration: took, self: took };
  });
const answer: EvidenceResult = {
  questionId: 'q',
  incidentId: 'i',
  slices,
  watermarks: { spans: nowMs, logs: 0, metrics: 0 },
  settled: true,
  missing: [],
  operations: [...operationsOf('shop', 10), ...operationsOf('billing', 400)],
  edges: [],
  templates: [],
  children: slices.map(({ fromMs, toMs }, slice) => ({
    slice,
    service: 'shop',
    operation: 'serve',
    childService: 'billing',
    childOperation: 'serve',
    spans: (toMs - fromMs) / 500,
    calls: (toMs - fromMs) / 500,
    errors: 0,
  })),
  series: [],
  presence: [],
  past: [],
};
const input: RankingInput = {
  nowMs,
  startedAtMs,
  alerts: [
    {
      name: 'HighLatency',
      severity: 'critical',
      startsAtMs: startedAtMs,
      status: 'firing',
      entities: { service: 'shop' },
      labels: {},
    },
  ],
  changes: [],
  declaredEdges: [{ from: 'shop', to: 'billing' }],
  answer,
};
const truth = {
  case: 'c',
  family: 'latency',
  services: ['billing'],
  overlapping: [],
  instance: '',
  kinds: [],
  change: null,
  innocent: [],
  sinceMs: null,
};
const kept = { case: 'c', system: 's', truth, shiftMs: 0, inputs: [input], firstHypothesisMs: null };

it('keeps about half of the calls, and the same ones each time', () => {
  const half = subsample(answer, () => 0.5);
  for (const [i, row] of half.operations.entries()) {
    const of = answer.operations[i]?.calls ?? 0;
    expect(Math.abs(row.calls - of / 2)).toBeLessThan(3 * Math.sqrt(of));
  }
  expect(subsample(answer, () => 0.5)).toEqual(half);
  expect(subsample(answer, () => 1)).toEqual(answer);
});

it('drops child calls together with their calls', () => {
  const quarter = subsample(answer, () => 0.25);
  const [steps, calls] = [quarter.children[0]?.spans ?? 0, quarter.operations[0]?.settledCalls ?? 0];
  expect(Math.abs(steps - calls)).toBeLessThan(0.1 * calls);
});

it('other names change no rank, and the result has the real names', () => {
  const [first] = rankRenamed(input).hypotheses;
  expect(first).toMatchObject({ cause: { service: 'billing', instance: 'billing-1' } });
});

it('a clear case stays right under every alteration, and the table has a row for each', () => {
  const results = testRobustness([kept], () => truth);
  expect(results.map(({ judged }) => judged.map(({ rank }) => rank))).toEqual(results.map(() => [1]));
  const lines = formatRobustness(results).split('\n');
  expect(lines).toHaveLength(2 + results.length);
  expect(lines[2]).toMatch(/^\| none +\| 1, 1 of 1/);
});
