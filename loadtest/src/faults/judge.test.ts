import { expect, it } from 'vitest';
import { windowDigestSql } from './digest.ts';
import { judgeRun } from './judge.ts';
import type { Outcome } from './outcome.ts';
import { createWorkload } from './workload.ts';

const workload = createWorkload({ seconds: 10, spans: 1_000, alerts: 50, scopes: 1, systems: 1 }, 0);
const nothing = { accepted: 0, inIncidents: 0, recorded: 0, duplicates: 0, suppressed: 0, deadLettered: 0, pending: 0 };
const good: Outcome = {
  sent: {
    spans: 1_000,
    logs: 25,
    metrics: 6,
    alerts: 50,
    retriedRequests: 1,
    retries: 2,
    repeats: 1,
    seconds: 10,
    longestMs: 5,
  },
  ledger: {
    spans: { ...nothing, accepted: 2_000, recorded: 1_000, duplicates: 1_000 },
    logs: { ...nothing, accepted: 25, recorded: 25 },
    metrics: { ...nothing, accepted: 6, recorded: 6 },
    alerts: { ...nothing, accepted: 60, inIncidents: 50, duplicates: 10 },
  },
  digest: {
    callsByService: Object.fromEntries(workload.spansByService),
    calls: 1_000,
    settledCalls: 1_000,
    rawSpans: 1_000,
    distinctSpans: 1_000,
    lines: 25,
    linesWithoutSpan: 0,
    windows: { edge_windows: '3 AB' },
    members: '1 50 CD',
  },
  incidents: ['a: 50'],
  pages: { incidents: 1, pages: 1, repeats: 1, edits: 3 },
  replay: { exports: 1, refused: [], same: 4, different: 0 },
  settleSeconds: 12,
};

it('a correct run has no problems', () => expect(judgeRun(workload, good, good)).toEqual([]));

const spans = good.ledger['spans'] ?? nothing;
const alerts = good.ledger['alerts'] ?? nothing;
const broken: readonly (readonly [string, Partial<Outcome>, RegExp])[] = [
  ['an item in no account', { ledger: { ...good.ledger, spans: { ...spans, duplicates: 999 } } }, /of 2000 spans/],
  ['an alert in none', { ledger: { ...good.ledger, alerts: { ...alerts, inIncidents: 49 } } }, /alerts in incidents/],
  ['a span counted twice', { digest: { ...good.digest, calls: 1_001 } }, /windows: calls/],
  ['a row written twice', { digest: { ...good.digest, rawSpans: 1_001 } }, /rows of otel_traces/],
  ['a second page', { pages: { ...good.pages, pages: 2 } }, /^pages: 2/],
  ['another window', { digest: { ...good.digest, windows: { edge_windows: '3 AC' } } }, /edge_windows/],
  ['another member', { digest: { ...good.digest, members: '1 50 CE' } }, /members/],
  ['another incident', { incidents: ['b: 50'] }, /missing or other: a: 50/],
  ['other bytes', { replay: { ...good.replay, different: 1 } }, /replay otherwise/],
];

it.each(broken)('%s is a problem', (_what, part, problem) => {
  const problems = judgeRun(workload, { ...good, ...part }, good);
  expect(
    problems.some((line) => problem.test(line)),
    problems.join('\n'),
  ).toBe(true);
});

it('a digest sums every aggregate by its own function and keeps every key', () => {
  const columns = [
    { name: 'Service', type: 'LowCardinality(String)' },
    { name: 'Calls', type: 'SimpleAggregateFunction(sum, UInt64)' },
    { name: 'Self', type: 'SimpleAggregateFunction(sumMap, Map(Int16, UInt64))' },
  ];
  expect(
    windowDigestSql('t', columns),
  ).toBe(`SELECT concat(toString(count()), ' ', hex(sum(sipHash64(toString(Service), the_Calls, the_Self)))) AS digest
FROM (SELECT Service, toString(sum(Calls)) AS the_Calls, toString(sumMap(Self)) AS the_Self FROM t GROUP BY Service)`);
});
