import { bucketOf, emptyEvidenceRows, type OperationRow } from '@faultline/model';
import { expect, it } from 'vitest';
import { noCalls, type TraceRow, windowStartMs } from '../rows.ts';
import { minute, query } from '../testing/query.ts';
import { baseMs, log, tenant, trace } from '../testing/rows.ts';
import { useTestStore } from '../testing/use-store.ts';

const opened = useTestStore();

/** Spans over 12 minutes by a fixed recurrence: several services, instances, operations, statuses and durations. */
function someSpans(count: number): TraceRow[] {
  let seed = 7;
  const next = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  return Array.from({ length: count }, () => {
    const service = `s${next(3)}`;
    return trace(baseMs + next(12 * minute), {
      ServiceName: service,
      Instance: `${service}-${next(2)}`,
      Operation: `op${next(3)}`,
      SpanKind: next(2) === 0 ? 'Server' : 'Client',
      StatusCode: next(5) === 0 ? 'Error' : 'Ok',
      Duration: BigInt(next(2_000_000_000)),
    });
  });
}

/** The slow and simple way to the same rows. */
function countOperations(spans: readonly TraceRow[]): Map<string, Pick<OperationRow, 'calls' | 'errors' | 'duration'>> {
  const rows = new Map<string, { calls: number; errors: number; buckets: Map<number, number> }>();
  for (const span of spans) {
    const windowStart = windowStartMs(Number(span.Timestamp / 1_000_000n));
    const slice = query.slices.findIndex(({ fromMs, toMs }) => windowStart >= fromMs && windowStart < toMs);
    if (slice < 0) continue;
    const key = [slice, span.ServiceName, span.Instance, span.Operation, span.SpanKind.toLowerCase()].join('|');
    const row = rows.get(key) ?? { calls: 0, errors: 0, buckets: new Map() };
    const bucket = bucketOf(Number(span.Duration) / 1000);
    row.calls += 1;
    row.errors += span.StatusCode === 'Error' ? 1 : 0;
    // Edges have the durations of calls made.
    if (span.SpanKind === 'Server') row.buckets.set(bucket, (row.buckets.get(bucket) ?? 0) + 1);
    rows.set(key, row);
  }
  return new Map(
    [...rows].map(([key, { buckets, ...row }]) => [
      key,
      { ...row, duration: [...buckets].sort(([left], [right]) => left - right) },
    ]),
  );
}

it('operations equal a plain count over the spans, however they were cut into inserts', async () => {
  const spans = someSpans(3_000);
  await opened.insert('spans/0/0-1', { table: 'otel_traces', rows: spans.slice(0, 1_000) });
  await opened.insert('spans/0/2-3', { table: 'otel_traces', rows: spans.slice(1_000) });
  const { operations, watermarks, missing } = await opened.store.answerEvidence(query);
  expect(missing).toEqual([]);
  const answered = new Map(
    operations.map(({ slice, service, instance, operation, kind, calls, errors, duration }) => [
      [slice, service, instance, operation, kind].join('|'),
      { calls, errors, duration },
    ]),
  );
  expect(answered).toEqual(countOperations(spans));
  expect(watermarks.spans).toBe(Math.max(...spans.map((span) => Number(span.Timestamp / 1_000_000n))));
});

it('a scope sees only its own rows', async () => {
  await opened.insert('spans/0/other', {
    table: 'otel_traces',
    rows: [trace(baseMs, { Environment: 'other', ServiceName: 'theirs' })],
  });
  const mine = await opened.store.answerEvidence(query);
  expect(mine.operations.filter(({ service }) => service === 'theirs')).toEqual([]);
  expect(mine.presence.filter(({ service }) => service === 'theirs')).toEqual([]);
  const theirs = await opened.store.answerEvidence({ ...query, scope: { tenant, environment: 'other' } });
  expect(theirs.operations.map(({ service, calls }) => ({ service, calls }))).toEqual([
    { service: 'theirs', calls: 1 },
  ]);
});

it('rows that the recorder sums itself add up over cuts, and a window belongs to the slice of its start', async () => {
  const scope = { Tenant: tenant, Environment: 'derived' };
  const inBaseline = { ...scope, WindowStart: baseMs + 9 * minute };
  const inSecond = { ...scope, WindowStart: baseMs + 10 * minute + 30_000 };
  const edge = {
    Caller: 'a',
    Callee: 'b',
    CallerInstance: 'a-1',
    CalleeInstance: 'b-1',
    Operation: 'op',
    Source: 'client-span',
    Errors: 1,
    Gap: [],
  } as const;
  const child = { Service: 'a', Operation: 'op', ChildService: 'b', ChildOperation: 'sql', Errors: 0 };
  for (const cut of ['1', '2'])
    await opened.insert(
      `derived/${cut}`,
      {
        table: 'edge_windows',
        rows: [
          {
            ...inBaseline,
            ...edge,
            Calls: 3,
            Duration: [
              [-1, 1],
              [80, 2],
            ],
            LastSeen: baseMs + Number(cut),
          },
          { ...inSecond, ...edge, Calls: 1, Duration: [[80, 1]], LastSeen: baseMs },
        ],
      },
      {
        table: 'operation_windows',
        rows: [
          {
            ...inSecond,
            Service: 'a',
            Instance: 'a-1',
            Operation: 'op',
            Kind: 'server',
            Version: '',
            ...noCalls,
            SettledCalls: 2,
            OwnErrors: 1,
            Self: [[8, 2]],
          },
        ],
      },
      {
        table: 'template_windows',
        rows: [
          {
            ...inSecond,
            Service: 'a',
            Instance: 'a-1',
            Operation: '',
            Template: 'x',
            Text: 'boom <*>',
            SeverityNumber: 17,
            Lines: 4,
            Spans: 4,
          },
        ],
      },
      { table: 'child_windows', rows: [{ ...inBaseline, ...child, Spans: 1, Calls: 5 }] },
    );
  const answer = await opened.store.answerEvidence({ ...query, scope: { tenant, environment: 'derived' } });
  expect(answer.edges).toMatchObject([
    {
      slice: 0,
      caller: 'a',
      callee: 'b',
      // From a period.
      calleeInstance: '',
      source: 'client-span',
      calls: 6,
      errors: 2,
      duration: [
        [-1, 2],
        [80, 4],
      ],
      gap: [],
      lastSeenMs: baseMs + 2,
    },
    { slice: 2, calleeInstance: 'b-1', calls: 2, duration: [[80, 2]] },
  ]);
  expect(answer.operations).toEqual([
    {
      slice: 2,
      service: 'a',
      instance: 'a-1',
      operation: 'op',
      kind: 'server',
      version: '',
      calls: 0,
      errors: 0,
      ownErrors: 2,
      duration: [],
      settledCalls: 4,
      self: [[8, 4]],
    },
  ]);
  expect(answer.templates).toEqual([
    {
      slice: 2,
      service: 'a',
      instance: 'a-1',
      operation: '',
      template: 'x',
      text: 'boom <*>',
      severityNumber: 17,
      lines: 8,
      spans: 8,
    },
  ]);
  expect(answer.children).toEqual([
    {
      slice: 0,
      service: 'a',
      operation: 'op',
      childService: 'b',
      childOperation: 'sql',
      spans: 2,
      calls: 10,
      errors: 0,
    },
  ]);
});

it('presence has the last sign of life of each signal, and the cluster that spans name', async () => {
  const presence = { Environment: 'presence' };
  await opened.insert('presence/0', {
    table: 'otel_traces',
    rows: [
      trace(baseMs + 5, { ...presence, ResourceAttributes: { 'k8s.cluster.name': 'east' } }),
      trace(baseMs + 1, presence),
    ],
  });
  await opened.insert('presence/0', { table: 'otel_logs', rows: [log(baseMs + 7, presence)] });
  const answer = await opened.store.answerEvidence({ ...query, scope: { tenant, environment: 'presence' } });
  expect(answer.presence).toEqual([
    {
      service: 'cart',
      instance: 'cart-1',
      node: 'n1',
      zone: 'z1',
      cluster: 'east',
      lastSpanMs: baseMs + 5,
      lastMetricMs: 0,
      lastLogMs: baseMs + 7,
    },
  ]);
  expect(answer.watermarks).toEqual({ spans: baseMs + 5, logs: baseMs + 7, metrics: 0 });
});

it('an empty scope has an empty answer', async () => {
  const answer = await opened.store.answerEvidence({ ...query, scope: { tenant: 'nobody', environment: '' } });
  expect(answer).toEqual({ ...emptyEvidenceRows, slices: query.slices });
});
